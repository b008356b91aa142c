package dev.waitingroom.testkit.browser;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Chromium for a test class, which is skipped where there is none:
 * {@snippet :
 * @RegisterExtension
 * static final BrowserExtension BROWSER = new BrowserExtension();
 * }
 */
public final class BrowserExtension implements BeforeAllCallback, AfterAllCallback {
    private @Nullable Chromium browser;

    /** A new profile without cookies, with one tab. Call it only while tests of the class run. */
    public Tab visitor() {
        if (browser == null) {
            throw new IllegalStateException("the browser runs only while tests do");
        }
        return browser.visitor();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        browser = Chromium.startOrSkip();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (browser != null) {
            browser.close();
        }
    }
}
