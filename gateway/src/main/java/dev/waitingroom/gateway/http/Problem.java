package dev.waitingroom.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A problem document (RFC 9457).
 *
 * @param type the kind of problem
 * @param detail what is wrong with this request, for its developer
 * @param retryAfter when to try again
 * @param members writes extension members
 */
public record Problem(ProblemType type, String detail, Optional<Duration> retryAfter, Consumer<Json> members) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), Problem::none);
    }

    public static Problem retry(ProblemType type, String detail, Duration retryAfter) {
        return new Problem(type, detail, Optional.of(retryAfter), Problem::none);
    }

    /** This problem with extension members (RFC 9457, 3.2). */
    public Problem with(Consumer<Json> members) {
        return new Problem(type, detail, retryAfter, members);
    }

    private static void none(Json ignored) {}

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** Whole seconds, rounded up, at least 1, since clients would loop at {@code Retry-After: 0}. */
    public static long retryAfterSeconds(Duration duration) {
        return Math.max(1, Seconds.ceil(duration));
    }

    public Buffer json(String traceId) {
        Json json = new Json()
                .field("type", type.uri())
                .field("title", type.title())
                .field("status", type.status())
                .field("detail", detail)
                .field("code", type.name())
                .field("trace_id", traceId);
        members.accept(json);
        return json.end();
    }
}
