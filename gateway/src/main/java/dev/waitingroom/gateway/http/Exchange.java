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
import io.vertx.core.http.HttpVersion;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its one answer. Confined to the event loop that it arrived on. */
public final class Exchange {
    /** The most bytes that a body may have. */
    static final int MAX_BODY = 8 * 1024;

    private static final Logger LOGGER = LoggerFactory.getLogger(Exchange.class);
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");
    private static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final int UNAUTHORIZED = 401;
    private static final String IDENTITY = "identity";
    private static final String CONTINUE = "100-continue";
    private static final String BEARER = "bearer ";
    private static final Duration LINGER = Duration.ofMillis(500);

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context context;
    private final Duration bodyTime;
    private final BooleanSupplier draining;
    private @Nullable String traceId;
    private boolean bodyAsked;
    private boolean close;

    /**
     * @param bodyTime how long a body may take to arrive
     * @param draining whether the connection is to be closed after the answer
     */
    Exchange(HttpServerRequest request, Context context, Duration bodyTime, BooleanSupplier draining) {
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.bodyTime = bodyTime;
        this.draining = draining;
    }

    // --- the request ---

    public String traceId() {
        if (traceId == null) {
            traceId = TraceId.from(request.getHeader("traceparent"));
        }
        return traceId;
    }

    public Optional<String> queryParameter(String name) {
        return Query.parameter(request.query(), name);
    }

    public Optional<String> bearerToken() {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        return Optional.of(authorization.substring(BEARER.length()).strip());
    }

    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(request.getHeader(IDEMPOTENCY_KEY));
    }

    /** What the caller prefers to wait at most (RFC 7240); {@code most} unless that is less. */
    public Duration preferredWait(Duration most) {
        return PreferHeader.wait(request.headers().getAll(PREFER), most);
    }

    /** Reads a body of JSON; a caller that names no type is taken to mean it. */
    public void jsonBody(Consumer<byte[]> then) {
        String type = contentType();
        if (!type.isEmpty() && !isJson(type)) {
            header(HttpHeaders.ACCEPT, JSON);
            throw Problem.of(HttpProblem.UNSUPPORTED_MEDIA_TYPE, "send application/json")
                    .exception();
        }
        plainBody(then);
    }

    /** Empty where the caller names none. */
    public String contentType() {
        return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
    }

    /** Reads a body of any type, as long as it is not compressed. */
    public void plainBody(Consumer<byte[]> then) {
        for (String coding : request.headers().getAll(HttpHeaders.CONTENT_ENCODING)) {
            if (!IDENTITY.equalsIgnoreCase(coding.strip())) {
                header(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
                throw Problem.of(HttpProblem.UNSUPPORTED_MEDIA_TYPE, "send the body without Content-Encoding")
                        .exception();
            }
        }
        anyBody(then);
    }

    /** Reads a body whatever it is. */
    public void anyBody(Consumer<byte[]> then) {
        if (announcedLength() > MAX_BODY) {
            closeAfterwards();
            throw tooLarge().exception();
        }
        bodyAsked = true;
        if (waitsToSendBody()) {
            response.writeContinue();
        }
        Requests.onMalformedBody(
                request.connection(),
                () -> readNoFurther(Problem.of(HttpProblem.BAD_REQUEST, "the body is not well-formed HTTP/1.1")));
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= MAX_BODY) {
                body.appendBuffer(chunk);
            } else {
                readNoFurther(tooLarge());
            }
        });
        Runnable arrived = hasBody() ? limitTheBodysTime() : () -> {};
        request.endHandler(end -> {
            arrived.run();
            guarded(() -> then.accept(body.getBytes()));
        });
    }

    private static Problem tooLarge() {
        return Problem.of(HttpProblem.BODY_TOO_LARGE, "a body has at most " + MAX_BODY + " bytes");
    }

    private long announcedLength() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // Netty lets nothing else pass
    }

    /** The client sends its body when it is told to go on (RFC 9110, 10.1.1). */
    private boolean waitsToSendBody() {
        return request.version() == HttpVersion.HTTP_1_1
                && CONTINUE.equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && hasBody();
    }

    private boolean hasBody() {
        return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
                || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** What is to be run when it has arrived. */
    private Runnable limitTheBodysTime() {
        Vertx vertx = context.owner();
        long timer = vertx.setTimer(
                bodyTime.toMillis(),
                late -> readNoFurther(Problem.of(
                        HttpProblem.REQUEST_TIMEOUT, "a body must arrive within " + bodyTime.toSeconds() + " s")));
        return () -> vertx.cancelTimer(timer);
    }

    /** What follows of the request is not worth reading. @return whether the caller was told */
    private boolean readNoFurther(Problem problem) {
        if (response.ended() || response.closed()) {
            return false;
        }
        closeAfterwards();
        answer(problem);
        return true;
    }

    private static boolean isJson(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
    }

    /** Goes on, back on this exchange's event loop, when the stage is complete. */
    public <T> void await(CompletionStage<T> stage, Consumer<T> then) {
        forgetHeaders();
        stage.whenComplete((value, failure) -> context.runOnContext(nothing -> {
            if (failure == null) {
                guarded(() -> then.accept(value));
            } else {
                unexpected(failure);
            }
        }));
    }

    /** They may be large, and thousands of callers may be waiting. */
    private void forgetHeaders() {
        traceId = traceId();
        request.headers().clear();
    }

    /** Runs a step of this exchange; whatever it throws becomes an answer. */
    void guarded(Runnable step) {
        if (response.ended()) {
            return;
        }
        try {
            step.run();
        } catch (ProblemException e) {
            answer(e.problem());
        } catch (RuntimeException e) {
            unexpected(e);
        }
    }

    private void unexpected(Throwable failure) {
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue(HttpLogKeys.METHOD, request.method())
                .addKeyValue(HttpLogKeys.ROUTE, request.path())
                .addKeyValue(HttpLogKeys.TRACE_ID, traceId())
                .log("a request failed unexpectedly");
        answer(Problem.of(HttpProblem.INTERNAL, "the failure is in the gateway's log under this trace_id"));
    }

    // --- the answer ---

    public void header(CharSequence name, CharSequence value) {
        response.putHeader(name, value);
    }

    public void answer(int status, Buffer json) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        end(status, JSON, json);
    }

    /** Something that does not change from one caller to the next. */
    public void answerCacheable(String mediaType, Duration maxAge, Buffer body) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=" + maxAge.toSeconds());
        end(200, mediaType, body);
    }

    public void answerText(String mediaType, Buffer body) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        end(200, mediaType, body);
    }

    public void answerEmpty(int status) {
        if (response.ended() || response.closed()) {
            return;
        }
        closeIfNothingMayFollow();
        thenClose(response.setStatusCode(status).end());
    }

    public void answer(Problem problem) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        if (problem.type().status() == UNAUTHORIZED) {
            response.putHeader(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        problem.retryAfter()
                .ifPresent(after ->
                        response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Problem.retryAfterSeconds(after))));
        end(problem.type().status(), Problem.MEDIA_TYPE, problem.json(traceId()));
    }

    /** Closes the connection after the answer: for a request that was not read to its end. */
    void closeAfterwards() {
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        close = true;
    }

    private void end(int status, CharSequence mediaType, Buffer body) {
        // The caller may have gone away meanwhile.
        if (response.ended() || response.closed()) {
            return;
        }
        closeIfNothingMayFollow();
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

    /**
     * A pod that ends takes no further request on this connection, and says so before the connection is gone. After a final answer in the
     * place of 100 (Continue) nobody can tell whether a body or a request follows.
     */
    private void closeIfNothingMayFollow() {
        if (draining.getAsBoolean() || (!bodyAsked && waitsToSendBody())) {
            closeAfterwards();
        }
    }

    private void thenClose(Future<Void> written) {
        if (close) {
            written.onComplete(done -> closeOnceRead());
        }
    }

    /**
     * Closed at once, what the client is still sending would make TCP throw the answer away (RFC 9112, 9.6): it is read for a moment, and
     * forgotten.
     */
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
        } // else nobody can tell where it ends
        closeLater(context.owner(), new WeakReference<>(connection));
    }

    /** Most are closed by their client before: those, and all that they hold, are not kept until then. */
    private static void closeLater(Vertx vertx, WeakReference<HttpConnection> connection) {
        vertx.setTimer(LINGER.toMillis(), late -> {
            HttpConnection open = connection.get();
            if (open != null) {
                open.close();
            }
        });
    }
}
