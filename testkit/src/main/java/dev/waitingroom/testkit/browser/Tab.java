package dev.waitingroom.testkit.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A tab of a browser. */
public final class Tab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    private final DevTools tools;
    private final String profile;
    private final String target;
    private final String session;

    private Tab(DevTools tools, String profile, String target, String session) {
        this.tools = tools;
        this.profile = profile;
        this.target = target;
        this.session = session;
    }

    static Tab open(DevTools tools, String profile) {
        String target = DevTools.text(
                tools.call("Target.createTarget", "url", "about:blank", "browserContextId", profile), "targetId");
        String session =
                DevTools.text(tools.call("Target.attachToTarget", "targetId", target, "flatten", true), "sessionId");
        Tab tab = new Tab(tools, profile, target, session);
        tab.call("Page.enable");
        tab.call("Network.enable");
        return tab;
    }

    /** Another tab with the same cookies. */
    public Tab another() {
        return open(tools, profile);
    }

    private Map<String, Object> call(String method, Object... parameters) {
        return tools.callIn(session, method, parameters);
    }

    /** Opens an address and waits until it is loaded. */
    public void go(String url) {
        call("Page.navigate", "url", url);
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    public void reload() {
        evaluate("window.beforeReload = true");
        call("Page.reload");
        await("!window.beforeReload && document.readyState === 'complete'");
    }

    /** The value of an expression, or what its promise resolves to. */
    public @Nullable Object evaluate(String expression) {
        Map<String, Object> answer = call(
                "Runtime.evaluate",
                "expression",
                expression,
                "awaitPromise",
                true,
                "returnByValue",
                true,
                "userGesture",
                true);
        if (answer.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return DevTools.object(answer.get("result")).get("value");
    }

    public String text(String expression) {
        return String.valueOf(evaluate(expression));
    }

    /** Waits until the expression is true. A page that is just replaced counts as not yet. */
    public void await(String expression) {
        Awaitility.await()
                .alias(expression)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> {
                    try {
                        return Boolean.TRUE.equals(evaluate(expression));
                    } catch (AssertionError e) {
                        return false;
                    }
                });
    }

    /** Waits until the page of a room shows a state. */
    public void awaitState(String state) {
        await("document.getElementById('wr')?.dataset.state === '" + state + "'");
    }

    public void click(String selector) {
        evaluate("document.querySelector('" + selector + "').click()");
    }

    /** Sends a key to what has the focus, such as Tab or Enter. */
    public void press(String key, int code) {
        String text = key.equals("Enter") ? "\r" : "";
        call(
                "Input.dispatchKeyEvent",
                "type",
                "keyDown",
                "key",
                key,
                "code",
                key,
                "windowsVirtualKeyCode",
                code,
                "text",
                text);
        call("Input.dispatchKeyEvent", "type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code);
    }

    public void size(int width, int height, double scale, boolean mobile) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                scale,
                "mobile",
                mobile);
    }

    public void prefer(String feature, String value) {
        call("Emulation.setEmulatedMedia", "features", List.of(Map.of("name", feature, "value", value)));
    }

    /** Runs a script in each page that is opened from now on, before the page's own. */
    public void inject(String script) {
        call("Page.addScriptToEvaluateOnNewDocument", "source", script);
    }

    /** For pages that are opened from now on. */
    public void scripts(boolean on) {
        call("Emulation.setScriptExecutionDisabled", "value", !on);
    }

    public void offline(boolean offline) {
        call(
                "Network.emulateNetworkConditions",
                "offline",
                offline,
                "latency",
                0,
                "downloadThroughput",
                -1,
                "uploadThroughput",
                -1);
    }

    /** The whole page as PNG. */
    public void screenshot(Path file) {
        Map<String, Object> shot = call("Page.captureScreenshot", "format", "png", "captureBeyondViewport", true);
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, Base64.getDecoder().decode(DevTools.text(shot, "data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes this the visible tab of its window. */
    public void front() {
        call("Page.bringToFront");
    }

    @Override
    public void close() {
        tools.call("Target.closeTarget", "targetId", target);
    }
}
