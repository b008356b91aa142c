package dev.waitingroom.queue.room;

/** What became of a leave. */
public sealed interface LeaveOutcome {
    /** The place is given up, now or earlier. */
    record Left() implements LeaveOutcome {}

    /** Redis did not answer in time; the place may still be held. */
    record Unavailable(Unavailability why) implements LeaveOutcome {}
}
