package dev.waitingroom.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Confined to the event loop that the request arrived on. */
public final class Exchange {
    private final HttpServerRequest request;
    private final Context context;
    private final RequestBody body;
    private final ResponseWriter writer;
    private final BooleanSupplier draining;
    private final RequestOrigin origin;
    private final boolean secure;
    private Preconditions.Outcome preconditions = Preconditions.Outcome.PROCEED;
    private @Nullable String traceId;
    private RequestHead head;

    /**
     * @param origin tells where the request came from
     * @param bodyTime how long a body may take to arrive
     * @param draining whether the process shuts down, so that each connection is closed after its answer
     */
    Exchange(
            HttpServerRequest request,
            Context context,
            RequestOrigin origin,
            Duration bodyTime,
            BooleanSupplier draining) {
        this.request = request;
        this.origin = origin;
        this.secure = origin.secure(request); // now, since headers are forgotten while the answer waits
        this.context = context;
        this.draining = draining;
        this.head = new RequestHead(request, origin, "", "");
        this.body = new RequestBody(this, request, context, bodyTime);
        this.writer = new ResponseWriter(request, context, () -> draining.getAsBoolean() || body.isWithheld());
    }

    // --- the request ---

    /** From the caller's {@code traceparent}, or new. */
    public String traceId() {
        if (traceId == null) {
            traceId = TraceId.from(request.getHeader("traceparent"));
        }
        return traceId;
    }

    public RequestHead head() {
        return head;
    }

    /**
     * @param variable the segment in place of the variable of the route's path
     * @param below the rest of the path
     */
    void bind(String variable, String below) {
        head = new RequestHead(request, origin, variable, below);
    }

    /** Whether the client's request came over https, as a trusted proxy says. */
    public boolean secure() {
        return secure;
    }

    public RequestBody body() {
        return body;
    }

    /** An answer of 200 gives way to what the preconditions ask for. */
    void follow(Preconditions.Outcome outcome) {
        preconditions = outcome;
    }

    // --- steps ---

    /** Continues on this exchange's event loop when the stage is complete. */
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

    /** Frees memory: headers may be large, and thousands of callers may wait. */
    private void forgetHeaders() {
        traceId = traceId();
        request.headers().clear();
    }

    /** Runs a step. An exception becomes the answer. */
    void guarded(Runnable step) {
        if (request.response().ended()) {
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
        UnexpectedFailure.log(request.method().name(), String.valueOf(request.path()), traceId(), failure);
        answer(UnexpectedFailure.PROBLEM);
    }

    // --- the answer ---

    public void header(CharSequence name, CharSequence value) {
        request.response().putHeader(name, value);
    }

    /** Adds a {@code Set-Cookie}. */
    public void setCookie(String cookie) {
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie);
    }

    /** For answers that are neither JSON nor the same for all callers. */
    public ResponseWriter writer() {
        return writer;
    }

    public void answer(int status, Buffer json) {
        if (status != 200 || proceeds(Duration.ZERO)) {
            writer.json(status, json);
        }
    }

    /** Answers 200 with something that is the same for all callers. */
    public void answerCacheable(String mediaType, Duration maxAge, Buffer body) {
        if (proceeds(maxAge)) {
            writer.cacheable(mediaType, maxAge, body);
        }
    }

    public void answerText(String mediaType, Buffer body) {
        if (proceeds(Duration.ZERO)) {
            writer.text(mediaType, body);
        }
    }

    private boolean proceeds(Duration maxAge) {
        switch (preconditions) {
            case PROCEED -> {}
            case NOT_MODIFIED -> writer.notModified(maxAge);
            case FAILED -> answer(preconditions.problem());
        }
        return preconditions == Preconditions.Outcome.PROCEED;
    }

    /**
     * Answers with a stream of server-sent events.
     *
     * @throws ProblemException if too many streams are open
     */
    public void stream(EventStreams streams, ServerSentEvent first, EventFeed feed) {
        if (proceeds(Duration.ZERO)) {
            streams.open(new StreamWriter(request, context, writer), first, feed);
        }
    }

    public void answerEmpty(int status) {
        writer.empty(status);
    }

    public void answer(Problem problem) {
        writer.problem(problem, traceId());
    }

    void onAnswered(Runnable then) {
        writer.onAnswered(then);
    }

    /** Whether the connection is closed after this answer, since the process shuts down. */
    public boolean isLast() {
        return draining.getAsBoolean();
    }

    /** Closes the connection after the answer: for a request that was not read to its end. */
    public void closeAfterwards() {
        writer.closeAfterwards();
    }
}
