package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Closes connections on which no request has come for long: idle ones, and those whose next head never ends. The one that is silent
 * for longest comes first, so that a sweep looks at no more than it closes. Confined to an event loop.
 */
final class HeadWatch {
    private final long mostNanos;
    private final LongSupplier nanoTime;
    private final Map<HttpConnection, Long> lastHead = new LinkedHashMap<>(64, 0.75f, true);

    HeadWatch(Duration most, LongSupplier nanoTime) {
        this.mostNanos = most.toNanos();
        this.nanoTime = nanoTime;
    }

    void opened(HttpConnection connection) {
        lastHead.put(connection, nanoTime.getAsLong());
        connection.closeHandler(closed -> lastHead.remove(connection));
    }

    /** A request's head is complete. */
    void head(HttpConnection connection) {
        lastHead.replace(connection, nanoTime.getAsLong());
    }

    void sweep() {
        long now = nanoTime.getAsLong();
        Iterator<Map.Entry<HttpConnection, Long>> oldest = lastHead.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<HttpConnection, Long> connection = oldest.next();
            if (now - connection.getValue() < mostNanos) {
                return;
            }
            oldest.remove();
            connection.getKey().close();
        }
    }
}
