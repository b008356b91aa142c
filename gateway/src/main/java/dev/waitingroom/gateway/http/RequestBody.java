package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the body of a request, up to a size and within a time. Confined to the exchange's event loop. */
public final class RequestBody {
    static final int MAX_BYTES = 8 * 1024;

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final String IDENTITY = "identity";
    private static final String CONTINUE = "100-continue";

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context context;
    private final Duration maxTime;
    private boolean reading;

    /** @param maxTime how long a body may take to arrive */
    RequestBody(Exchange exchange, HttpServerRequest request, Context context, Duration maxTime) {
        this.exchange = exchange;
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.maxTime = maxTime;
    }

    /** Empty if the caller names none. */
    public String contentType() {
        return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
    }

    /**
     * Reads JSON. A body without a type counts as JSON.
     *
     * @throws ProblemException if the body has another type, is compressed, or announces that it is too large
     */
    public void json(Consumer<byte[]> then) {
        String type = contentType();
        if (!type.isEmpty() && !isJson(type)) {
            exchange.header(HttpHeaders.ACCEPT, JSON);
            throw Problem.of(HttpProblem.UNSUPPORTED_MEDIA_TYPE, "send application/json")
                    .exception();
        }
        uncompressed(then);
    }

    /**
     * Reads a body of any type.
     *
     * @throws ProblemException if the body is compressed, or announces that it is too large
     */
    public void uncompressed(Consumer<byte[]> then) {
        for (String coding : request.headers().getAll(HttpHeaders.CONTENT_ENCODING)) {
            if (!IDENTITY.equalsIgnoreCase(coding.strip())) {
                exchange.header(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
                throw Problem.of(HttpProblem.UNSUPPORTED_MEDIA_TYPE, "send the body without Content-Encoding")
                        .exception();
            }
        }
        any(then);
    }

    /**
     * Reads a body of any type and coding.
     *
     * @throws ProblemException if the body announces that it is too large
     */
    public void any(Consumer<byte[]> then) {
        if (announcedLength() > MAX_BYTES) {
            exchange.closeAfterwards();
            throw tooLarge().exception();
        }
        reading = true;
        if (expectsContinue()) {
            response.writeContinue();
        }
        Requests.onMalformedBody(
                request.connection(),
                () -> stopReading(Problem.of(HttpProblem.BAD_REQUEST, "the body is not well-formed HTTP/1.1")));
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= MAX_BYTES) {
                body.appendBuffer(chunk);
            } else {
                stopReading(tooLarge());
            }
        });
        Runnable cancelTimeout = isPresent() ? startTimeout() : () -> {};
        request.endHandler(end -> {
            cancelTimeout.run();
            exchange.guarded(() -> then.accept(body.getBytes()));
        });
    }

    /** Whether the client still waits for 100 (Continue). An answer then leaves open whether a body or a request follows. */
    boolean isWithheld() {
        return !reading && expectsContinue();
    }

    private static Problem tooLarge() {
        return Problem.of(HttpProblem.BODY_TOO_LARGE, "a body has at most " + MAX_BYTES + " bytes");
    }

    private long announcedLength() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // Netty lets nothing else pass
    }

    /** The client sends its body after a 100 (RFC 9110, 10.1.1). */
    private boolean expectsContinue() {
        return request.version() == HttpVersion.HTTP_1_1
                && CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && isPresent();
    }

    private boolean isPresent() {
        return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** @return cancels the timeout */
    private Runnable startTimeout() {
        Vertx vertx = context.owner();
        long timer = vertx.setTimer(
                maxTime.toMillis(),
                late -> stopReading(Problem.of(
                        HttpProblem.REQUEST_TIMEOUT, "a body must arrive within " + maxTime.toSeconds() + " s")));
        return () -> vertx.cancelTimer(timer);
    }

    /** Answers at once and closes. @return whether the problem was the answer */
    private boolean stopReading(Problem problem) {
        if (response.ended() || response.closed()) {
            return false;
        }
        exchange.closeAfterwards();
        exchange.answer(problem);
        return true;
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }
}
