package dev.waitingroom.queue.room;

import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The admit of one ticket while it is held. Requests for the same ticket share its answer, such as those of two browser tabs. */
final class HeldAdmit {
    private static final int MAX_REQUESTS = 8;

    final Ticket ticket;
    final long sinceNanos;

    /** Whether Redis has answered that it does not admit the ticket yet. */
    boolean asked;

    /** Whether there are tokens for the ticket, though its turn has not come: the next tick may call it. */
    boolean soon;

    /** Redis is not asked before this time. */
    long notBeforeNanos;

    private final List<CompletableFuture<AdmitOutcome>> answers = new ArrayList<>();
    private long untilNanos;

    HeldAdmit(Ticket ticket, long sinceNanos) {
        this.ticket = ticket;
        this.sinceNanos = sinceNanos;
        this.untilNanos = sinceNanos;
        this.notBeforeNanos = sinceNanos;
    }

    long number() {
        return ticket.number();
    }

    /** Adds a request that may be held until this time, or refuses it. */
    void add(CompletableFuture<AdmitOutcome> answer, long until) {
        if (answers.size() == MAX_REQUESTS) {
            answer.complete(
                    new AdmitOutcome.Unavailable(Batcher.overloaded(MAX_REQUESTS + " admits of this ticket are held")));
        } else {
            answers.add(answer);
            untilNanos = Math.max(untilNanos, until);
        }
    }

    /** Whether every request has been held for as long as it may be. */
    boolean heldLongEnough(long nowNanos) {
        return nowNanos >= untilNanos;
    }

    /** The same, with at least this time for a call that has yet to be made. */
    boolean heldLongEnough(long nowNanos, Duration atLeast) {
        return nowNanos >= Math.max(untilNanos, sinceNanos + atLeast.toNanos());
    }

    void complete(AdmitOutcome outcome) {
        answers.forEach(answer -> answer.complete(outcome));
    }
}
