package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Closes connections on which no request has come for long: idle ones, and those whose next head never ends; and, where there are too
 * many, the one on which none has come for longest, so that who comes new is served whoever holds connections open. That one comes
 * first, so that nothing looks at more than it closes. Confined to an event loop.
 */
final class HeadWatch {
    private final long mostNanos;
    private final int connections;
    private final LongSupplier nanoTime;
    private final LinkedHashMap<HttpConnection, Long> lastHead = new LinkedHashMap<>(64, 0.75f, true);

    /** @param connections how many of this loop's may be open */
    HeadWatch(Duration most, int connections, LongSupplier nanoTime) {
        this.mostNanos = most.toNanos();
        this.connections = connections;
        this.nanoTime = nanoTime;
    }

    void opened(HttpConnection connection) {
        lastHead.put(connection, nanoTime.getAsLong());
        connection.closeHandler(closed -> lastHead.remove(connection));
        if (lastHead.size() > connections) {
            HttpConnection oldest = lastHead.firstEntry().getKey();
            lastHead.remove(oldest);
            oldest.close();
        }
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
