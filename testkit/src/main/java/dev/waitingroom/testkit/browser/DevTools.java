package dev.waitingroom.testkit.browser;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A connection to the DevTools protocol: calls with answers. Events are ignored. Thread-safe. */
final class DevTools implements WebSocket.Listener, AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<Map<String, Object>>> calls = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private @Nullable WebSocket socket;

    static DevTools connect(String url) {
        DevTools tools = new DevTools();
        tools.socket = tools.client
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), tools)
                .join();
        return tools;
    }

    /** @param parameters name, value, name, value, … */
    Map<String, Object> call(String method, Object... parameters) {
        return callIn("", method, parameters);
    }

    /** @param session of a tab; empty for the browser */
    synchronized Map<String, Object> callIn(String session, String method, Object... parameters) {
        Map<String, Object> named = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], parameters[i + 1]);
        }
        long id = ids.incrementAndGet();
        Map<String, Object> call = new HashMap<>(Map.of("id", id, "method", method, "params", named));
        if (!session.isEmpty()) {
            call.put("sessionId", session);
        }
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        calls.put(id, answer);
        Objects.requireNonNull(socket)
                .sendText(JSONObjectUtils.toJSONString(call), true)
                .join();
        Map<String, Object> said =
                answer.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        if (said.containsKey("error")) {
            throw new AssertionError(method + " failed: " + said.get("error"));
        }
        return object(said.get("result"));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        message.append(part);
        if (last) {
            received(message.toString());
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void received(String json) {
        try {
            Map<String, Object> parsed = JSONObjectUtils.parse(json, 64 * 1024 * 1024);
            if (parsed.get("id") instanceof Number id) {
                CompletableFuture<Map<String, Object>> call = calls.remove(id.longValue());
                if (call != null) {
                    call.complete(parsed);
                }
            }
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked") // a JSON object
    static Map<String, Object> object(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    static String text(Map<String, Object> object, String name) {
        return (String) Objects.requireNonNull(object.get(name), name);
    }

    @Override
    public void close() {
        Objects.requireNonNull(socket).abort();
        client.shutdownNow();
    }
}
