package dev.waitingroom.gateway.page;

import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.site.PageSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All that a page shows.
 *
 * @param eventId of the room
 * @param status of the visitor's place, if there is one
 * @param reason the message of a room that refuses joins; may be empty
 * @param turn how long a turn lasts
 * @param now by this process's clock
 * @param returnTo where the visitor goes when admitted
 * @param handover the move to another device that the page is about
 * @param preview whether this is a preview, which calls nothing
 */
record PageView(
        String eventId,
        PageState state,
        Optional<TicketStatus> status,
        String reason,
        Duration turn,
        Instant now,
        String returnTo,
        Handover handover,
        boolean preview,
        Language language,
        PageSettings settings) {
    /** A snapshot older than this is stale: its estimate means nothing any more. */
    static final Duration STALE = Duration.ofSeconds(5);

    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration LATEST_REFRESH = Duration.ofSeconds(60);

    PageView with(Handover newHandover) {
        return new PageView(
                eventId, state, status, reason, turn, now, returnTo, newHandover, preview, language, settings);
    }

    /** Whether the status is so old that Redis must be away. */
    static boolean stale(TicketStatus status, Instant now) {
        return status.asOf().plus(STALE).isBefore(now);
    }

    /** When a page without script asks again, in seconds; empty if nothing will change by itself. */
    Optional<Long> refreshSeconds() {
        if (handover.link().isPresent()) {
            return Optional.of(seconds(handover.shown()));
        }
        return switch (state) {
            case WAITING, READY, HOLD, AWAY, OFFLINE, ENTERING ->
                Optional.of(seconds(status.map(TicketStatus::pollAfter).orElse(RETRY)));
            case JOIN, JOINING, FULL, BUSY, CLOSED, LOST, LEFT, COOKIES, TAKEOVER, REPLACE, MOVED, LINK, OVER ->
                Optional.empty();
        };
    }

    private static long seconds(Duration pollAfter) {
        long seconds = Math.ceilDiv(pollAfter.toMillis(), 1_000);
        return Math.clamp(seconds, 1, LATEST_REFRESH.toSeconds());
    }

    /** How much of the way is done, 0..100, by the time waited and the time to go. Empty while that is unknown. */
    Optional<Long> progress() {
        return status.filter(known -> state.place() == PageState.Place.SHOWN)
                .flatMap(known -> known.eta().map(eta -> {
                    double waited = known.waited().toMillis();
                    double all = waited + eta.expected().toMillis();
                    return all <= 0 ? 0 : Math.round(100 * waited / all);
                }));
    }
}
