package dev.waitingroom.gateway.http;

import dev.waitingroom.queue.room.TicketStatus;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A problem document (RFC 9457).
 *
 * @param type which kind
 * @param detail what is wrong with this request, for the developer who sent it
 * @param retryAfter when it makes sense to ask again
 * @param place where the visitor stands, if that is why
 */
record Problem(ProblemType type, String detail, Optional<Duration> retryAfter, Optional<TicketStatus> place) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Optional.empty(), Optional.empty());
    }

    static Problem retry(ProblemType type, String detail, Duration retryAfter) {
        return new Problem(type, detail, Optional.of(retryAfter), Optional.empty());
    }

    static Problem waiting(ProblemType type, String detail, Duration retryAfter, TicketStatus place) {
        return new Problem(type, detail, Optional.of(retryAfter), Optional.of(place));
    }

    ProblemException exception() {
        return new ProblemException(this);
    }

    /** Whole seconds, rounded up, at least one: {@code Retry-After: 0} would make clients spin. */
    static long retryAfterSeconds(Duration duration) {
        return Math.max(1, Seconds.ceil(duration));
    }

    Buffer json(String traceId) {
        Json json = new Json()
                .field("type", type.uri())
                .field("title", type.title())
                .field("status", type.status())
                .field("detail", detail)
                .field("code", type.name())
                .field("trace_id", traceId);
        place.ifPresent(status -> {
            json.field("position", status.position());
            Answers.eta(json, status);
            json.field("poll_after_ms", status.pollAfter().toMillis());
        });
        return json.end();
    }
}
