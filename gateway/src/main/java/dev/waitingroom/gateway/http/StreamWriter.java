package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Writes an answer that goes on: a stream of server-sent events. Confined to the exchange's event loop. */
final class StreamWriter {
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("no-cache, no-transform");

    /** With this, nginx passes on each event at once. */
    private static final CharSequence BUFFERING_NAME = HttpHeaders.createOptimized("x-accel-buffering");

    private static final CharSequence BUFFERING = HttpHeaders.createOptimized("no");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context context;
    private final ResponseWriter writer;

    StreamWriter(HttpServerRequest request, Context context, ResponseWriter writer) {
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.writer = writer;
    }

    HttpServerRequest request() {
        return request;
    }

    Context context() {
        return context;
    }

    /** For logs. */
    String path() {
        return String.valueOf(request.path());
    }

    /** Whether only the head is asked for. */
    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    void head() {
        headers();
        writer.empty(200);
    }

    /** @param gone runs when the client closes the connection, or it breaks */
    void begin(Buffer first, Runnable gone) {
        response.closeHandler(closed -> gone.run());
        Requests.stream(request.connection());
        headers();
        if (request.version() == HttpVersion.HTTP_1_0) {
            // There are no chunks, so the end of the connection ends the answer. Vert.x sets another value before.
            writer.closeAfterwards();
            response.headersEndHandler(set -> response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
        } else {
            writer.closeIfLast();
            response.setChunked(true);
        }
        response.write(first);
        writer.countAnswered();
        request.headers().clear(); // they may be large, and streams are many
    }

    private void headers() {
        response.putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                .putHeader(HttpHeaders.CACHE_CONTROL, CACHE_CONTROL)
                .putHeader(BUFFERING_NAME, BUFFERING)
                .putHeader(ResponseWriter.NOSNIFF_NAME, ResponseWriter.NOSNIFF);
    }

    /** Whether the client has yet to read what was written. */
    boolean isFull() {
        return response.writeQueueFull();
    }

    void write(Buffer text) {
        response.write(text); // if it fails, the connection is closed
    }

    void end(Buffer last) {
        writer.endStream(last);
    }

    /** Closes the connection, whatever the client has yet to read. */
    void cut() {
        request.connection().close();
    }
}
