package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.testkit.browser.BrowserExtension;
import dev.waitingroom.testkit.browser.Tab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** axe-core and WCAG 2.2 AA: every state, light and dark, on a desk and on a phone, from left to right and back. */
class PageAccessibilityIT {
    private static final String AXE =
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']})"
                    + ".then(found => found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')).join('\\n'))";

    /** Where SCREENSHOTS names a directory, every page is kept there to be looked at. */
    private static final Optional<Path> SCREENSHOTS =
            Optional.ofNullable(System.getenv("SCREENSHOTS")).map(Path::of);

    @RegisterExtension
    static final BrowserExtension BROWSER = new BrowserExtension();

    private final TestGateway gateway = TestGateway.now();
    private final Tab tab = BROWSER.visitor();

    /** What a visitor sees. */
    private enum View {
        LIGHT("en", "light", 1_100, 900),
        DARK("en", "dark", 1_100, 900),
        PHONE("de", "light", 360, 740),
        PHONE_DARK("ko", "dark", 360, 740),
        ARABIC("ar", "light", 1_100, 900),
        /** 200% on a desk of 1,280 pixels. */
        ZOOMED("hi", "light", 640, 450),
        /** 400%: WCAG 2.2, 1.4.10. */
        REFLOWED("fr", "dark", 320, 256);

        private final String language;
        private final String scheme;
        private final int width;
        private final int height;

        View(String language, String scheme, int width, int height) {
            this.language = language;
            this.scheme = scheme;
            this.width = width;
            this.height = height;
        }
    }

    @AfterEach
    void close() {
        tab.close();
        gateway.close();
    }

    private void open(PageState state, View view) {
        tab.size(view.width, view.height, 1, view.width < 500);
        tab.prefer("prefers-color-scheme", view.scheme);
        tab.go("http://127.0.0.1:" + gateway.adminPort() + "/waiting/evt?preview=" + state.label() + "&lang="
                + view.language);
    }

    private void injectAxe() throws IOException {
        try (InputStream axe = Objects.requireNonNull(Tab.class.getResourceAsStream("/axe.min.js"))) {
            tab.inject(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private String violations() {
        return tab.text(AXE);
    }

    @ParameterizedTest
    @EnumSource(PageState.class)
    void axeFindsNothing(PageState state) throws IOException {
        injectAxe();
        gateway.registry.add("evt");
        gateway.pageSettings = new PageSettings(
                "Summer Nights 2027",
                "Doors open at 19:30. Tickets are personal: please have your ID with you.",
                PageColours.DEFAULT,
                Optional.empty(),
                Optional.empty());
        for (View view : View.values()) {
            open(state, view);
            SCREENSHOTS.ifPresent(dir -> tab.screenshot(dir.resolve(state.label() + "-" + view.name() + ".png")));

            assertThat(violations()).as(view.toString()).isEmpty();
            assertThat(tab.text("document.documentElement.scrollWidth"))
                    .as("nothing to scroll sideways: " + view)
                    .isEqualTo(String.valueOf(view.width));
        }
    }

    @Test
    void openedPanelsHaveNoFindingEither() throws IOException {
        injectAxe();
        for (View view : View.values()) {
            open(PageState.WAITING, view);
            tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
            SCREENSHOTS.ifPresent(dir -> tab.screenshot(dir.resolve("panels-" + view.name() + ".png")));

            assertThat(violations()).as(view.toString()).isEmpty();
        }
    }

    @Test
    void keyboardReachesEverythingInTheOrderOfThePage() {
        open(PageState.READY, View.LIGHT);
        StringBuilder reached = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            tab.press("Tab", 9);
            reached.append(tab.text("document.activeElement.id || document.activeElement.tagName"))
                    .append(' ');
        }

        assertThat(reached.toString().strip()).isEqualTo("wr-button wr-auto wr-sound wr-tab SUMMARY SUMMARY");
        assertThat(tab.text("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    @Test
    void nothingMovesForVisitorsWhoWantNoMotion() {
        open(PageState.WAITING, View.LIGHT);
        assertThat(tab.text("document.getAnimations().length")).isNotEqualTo("0");

        tab.prefer("prefers-reduced-motion", "reduce");

        tab.await("document.getAnimations().every(a => a.playState === 'finished')");
    }

    @Test
    void changesAreAnnouncedPolitely() {
        open(PageState.WAITING, View.LIGHT);

        assertThat(tab.text("document.getElementById('wr-live').getAttribute('role')"))
                .isEqualTo("status");
    }
}
