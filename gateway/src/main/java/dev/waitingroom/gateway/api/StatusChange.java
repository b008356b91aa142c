package dev.waitingroom.gateway.api;

import dev.waitingroom.queue.room.TicketStatus;
import java.time.Duration;

/** Decides when a stream tells a status. Pure. */
final class StatusChange {
    /**
     * The least time between two events if only the position and the estimate change. Far back in a fast line they change with every look,
     * and mean little.
     */
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private StatusChange() {}

    /**
     * Whether a waiting visitor is told. A turn, a hold and their ends are told at once, and progress as often as a poll would show it, at
     * least every five seconds. Without any change the status is told as often as a poll would ask, since {@code as_of} shows its age.
     *
     * @param since the time since {@code told} was told
     */
    static boolean isDue(TicketStatus told, TicketStatus now, Duration since) {
        if (told.ready() != now.ready()
                || told.onHold() != now.onHold()
                || told.eta().isPresent() != now.eta().isPresent()) {
            return true;
        }
        if (since.compareTo(told.pollAfter()) >= 0) {
            return true;
        }
        boolean progress = told.position() != now.position() || !told.eta().equals(now.eta());
        return progress && since.compareTo(PROGRESS) >= 0;
    }
}
