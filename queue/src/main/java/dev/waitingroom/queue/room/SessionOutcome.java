package dev.waitingroom.queue.room;

import java.time.Instant;

/** What became of a session that was to be renewed or ended, in a room with a cap. */
public sealed interface SessionOutcome {
    /** It is active until then (Redis' clock). */
    record Active(Instant until) implements SessionOutcome {}

    /** It has ended, or run out. */
    record Over() implements SessionOutcome {}

    /** The room has no cap any more: its sessions do not count. */
    record Uncounted() implements SessionOutcome {}

    /** Redis did not answer in time. The session is as it was. */
    record Unavailable(Unavailability why) implements SessionOutcome {}
}
