package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Writes the answer of a request, and closes the connection if it is the last one. Confined to the exchange's event loop. */
public final class ResponseWriter {
    private static final int UNAUTHORIZED = 401;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
    private static final Duration LINGER = Duration.ofMillis(500);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context context;
    private final BooleanSupplier last;
    private boolean close;
    private Runnable answered = () -> {};

    /** @param last whether no further request may come on this connection */
    ResponseWriter(HttpServerRequest request, Context context, BooleanSupplier last) {
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.last = last;
    }

    /** Runs this when the answer is complete. */
    void onAnswered(Runnable then) {
        answered = then;
        response.endHandler(ended -> then.run());
    }

    /** Takes the answer as complete already, since it has no foreseeable end. */
    void countAnswered() {
        response.endHandler(null);
        answered.run();
    }

    void json(int status, Buffer json) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        end(status, JSON, json);
    }

    void cacheable(String mediaType, Duration maxAge, Buffer body) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, cacheControl(maxAge));
        end(200, mediaType, body);
    }

    /** @param maxAge for which 200 would be kept; zero for not at all */
    void notModified(Duration maxAge) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, maxAge.isZero() ? NO_STORE : cacheControl(maxAge));
        empty(NOT_MODIFIED);
    }

    private static CharSequence cacheControl(Duration maxAge) {
        return "public, max-age=" + maxAge.toSeconds();
    }

    void text(String mediaType, Buffer body) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        end(200, mediaType, body);
    }

    public void body(int status, CharSequence mediaType, CharSequence cacheControl, Buffer body) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
        end(status, mediaType, body);
    }

    /** 304: the client has this representation already. */
    public void notModified(CharSequence cacheControl) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
        empty(NOT_MODIFIED);
    }

    /** 303: sends the client to another address of this host, by GET. The location must be ASCII without control characters. */
    public void redirect(String location) {
        response.putHeader(HttpHeaders.LOCATION, location);
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        empty(303);
    }

    void empty(int status) {
        if (response.ended() || response.closed()) {
            return;
        }
        if (status != NO_CONTENT && status != NOT_MODIFIED) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, "0"); // after HEAD, too, as after GET
        }
        closeIfLast();
        thenClose(response.setStatusCode(status).end());
    }

    void problem(Problem problem, String traceId) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (problem.type().status() == UNAUTHORIZED) {
            response.putHeader(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        problem.retryAfter()
                .ifPresent(after ->
                        response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Problem.retryAfterSeconds(after))));
        end(problem.type().status(), Problem.MEDIA_TYPE, problem.json(traceId));
    }

    /** Closes the connection after the answer. */
    void closeAfterwards() {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        close = true;
    }

    private void end(int status, CharSequence mediaType, Buffer body) {
        // The caller may have gone away meanwhile.
        if (response.ended() || response.closed()) {
            return;
        }
        closeIfLast();
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                .putHeader(NOSNIFF_NAME, NOSNIFF);
        Future<Void> written;
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            written = response.end();
        } else {
            written = response.end(body);
        }
        thenClose(written);
    }

    /** Ends an answer that goes on. */
    void endStream(Buffer end) {
        close |= last.getAsBoolean();
        thenClose(response.end(end));
    }

    void closeIfLast() {
        if (last.getAsBoolean()) {
            closeAfterwards();
        }
    }

    private void thenClose(Future<Void> written) {
        if (close) {
            written.onComplete(done -> closeOnceRead());
        }
    }

    /** Reads and discards for a moment what the client still sends. Without that, TCP would discard the answer (RFC 9112, 9.6). */
    private void closeOnceRead() {
        HttpConnection connection = request.connection();
        boolean wellFormed = !(request.decoderResult() instanceof Refused);
        if (wellFormed && request.isEnded()) {
            connection.close();
            return;
        }
        if (wellFormed) {
            request.handler(chunk -> {});
            request.endHandler(end -> connection.close());
        } // else the end of the request is unknown
        closeLater(context.owner(), new WeakReference<>(connection));
    }

    /** The reference is weak because most clients close earlier. The timer must not keep their connections in memory. */
    private static void closeLater(Vertx vertx, WeakReference<HttpConnection> connection) {
        vertx.setTimer(LINGER.toMillis(), late -> {
            HttpConnection open = connection.get();
            if (open != null) {
                open.close();
            }
        });
    }
}
