package dev.waitingroom.queue.room;

/** The outcome of a leave. */
public sealed interface LeaveOutcome {
    /** The place is given up, now or earlier. */
    record Left() implements LeaveOutcome {}

    /** Redis did not answer in time. The visitor may still have the place. */
    record Unavailable(Unavailability why) implements LeaveOutcome {}
}
