package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.HttpLogKeys;
import dev.waitingroom.gateway.http.LogThrottle;
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
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Reports calls that could not be carried out. While Redis is down there are thousands a second: one a second for each room and cause
 * is a warning, with the number of those that were not shown; these are there at debug.
 */
final class UnavailabilityReporter {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnavailabilityReporter.class);
    private static final Duration SPACING = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private final LogThrottle starting = new LogThrottle(SPACING);
    private final Map<Subject, LogThrottle> throttles = new ConcurrentHashMap<>();

    /** @param nanoTime a clock that never goes back, ns */
    UnavailabilityReporter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Subject(String eventId, Unavailability.Cause cause) {}

    void log(RoomCall call, Unavailability why) {
        Room room = call.room();
        LogThrottle throttle =
                throttles.computeIfAbsent(new Subject(room.eventId(), why.cause()), subject -> new LogThrottle(SPACING));
        event(throttle)
                .map(event -> event.addKeyValue(LogKeys.CALL, call.name())
                        .addKeyValue(LogKeys.EVENT_ID, room.eventId())
                        .addKeyValue(LogKeys.REDIS_KEY, QueueRedis.keyPrefix(room.id()))
                        .addKeyValue(LogKeys.CAUSE, why.cause())
                        .addKeyValue(LogKeys.DETAIL, why.detail())
                        .addKeyValue(HttpLogKeys.TRACE_ID, call.exchange().traceId()))
                .map(event -> call.place()
                        .map(own -> event.addKeyValue(LogKeys.WAITING_TOKEN, shortened(own.token()))
                                .addKeyValue(LogKeys.TICKET, own.ticket().number()))
                        .orElse(event))
                .ifPresent(event -> event.log("a call could not be carried out"));
    }

    /** One for all events: a caller may name any. */
    void starting(String eventId, Optional<Ticket> ticket) {
        event(starting)
                .map(event -> event.addKeyValue(LogKeys.EVENT_ID, eventId))
                .map(event -> ticket.map(known -> event.addKeyValue(LogKeys.TICKET, known.number()))
                        .orElse(event))
                .ifPresent(
                        event -> event.log("a call came before this gateway had heard of the event or read its line"));
    }

    /** A line to be written on; empty where its level is off. */
    private Optional<LoggingEventBuilder> event(LogThrottle throttle) {
        long suppressed = throttle.pass(nanoTime.getAsLong());
        Level level = suppressed != LogThrottle.HELD_BACK ? Level.WARN : Level.DEBUG;
        if (!LOGGER.isEnabledForLevel(level)) {
            return Optional.empty();
        }
        LoggingEventBuilder event = LOGGER.atLevel(level);
        return Optional.of(suppressed > 0 ? event.addKeyValue(HttpLogKeys.SUPPRESSED, suppressed) : event);
    }

    /** The last eight characters: enough to find a visitor, too few to be the visitor. */
    static String shortened(String token) {
        return token.length() <= 8 ? "…" : "…" + token.substring(token.length() - 8);
    }
}
