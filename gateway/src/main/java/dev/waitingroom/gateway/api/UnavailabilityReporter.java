package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.HttpLogKeys;
import dev.waitingroom.gateway.http.ThrottledLogger;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs calls that failed. While Redis is unreachable thousands fail each second, so each room and cause has one warning a second.
 * Thread-safe.
 */
final class UnavailabilityReporter {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnavailabilityReporter.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final ThrottledLogger starting;
    private final Map<Subject, ThrottledLogger> failed = new ConcurrentHashMap<>();

    /** @param nanoTime a clock that never goes back, ns */
    UnavailabilityReporter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.starting = logger();
    }

    private record Subject(String eventId, Unavailability.Cause cause) {}

    private ThrottledLogger logger() {
        return new ThrottledLogger(LOGGER, INTERVAL, nanoTime);
    }

    void failed(RoomCall call, Unavailability why) {
        Room room = call.room();
        LoggingEventBuilder line = failed.computeIfAbsent(new Subject(room.eventId(), why.cause()), subject -> logger())
                .atWarn()
                .addKeyValue(LogKeys.CALL, call.name())
                .addKeyValue(LogKeys.EVENT_ID, room.eventId())
                .addKeyValue(LogKeys.REDIS_KEY, () -> QueueRedis.keyPrefix(room.id()))
                .addKeyValue(LogKeys.CAUSE, why.cause())
                .addKeyValue(LogKeys.DETAIL, why.detail())
                .addKeyValue(HttpLogKeys.TRACE_ID, () -> call.exchange().traceId());
        call.place()
                .map(place -> line.addKeyValue(LogKeys.WAITING_TOKEN, () -> shortened(place.token()))
                        .addKeyValue(LogKeys.TICKET, place.ticket().number()))
                .orElse(line)
                .log("call failed");
    }

    /** Shares one limit for all events, since a caller may name any. */
    void starting(String eventId, Optional<Ticket> ticket) {
        LoggingEventBuilder line = starting.atWarn().addKeyValue(LogKeys.EVENT_ID, eventId);
        ticket.map(known -> line.addKeyValue(LogKeys.TICKET, known.number()))
                .orElse(line)
                .log("this process does not know the event yet, or has not read its line");
    }

    /** The last eight characters. They are enough to find a visitor in the logs, and too few to act as the visitor. */
    static String shortened(String token) {
        return token.length() <= 8 ? "…" : "…" + token.substring(token.length() - 8);
    }
}
