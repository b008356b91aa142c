package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.RoomScripts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A batcher whose entries are sent in the order of their arrival. Each one is answered within {@link RoomContext#PATIENCE}, even if its
 * batch is in flight then.
 *
 * @param <E> what is asked for
 * @param <O> the outcome that its caller gets
 * @param <R> what the script answers to a batch
 */
abstract sealed class QueueBatcher<E, O, R> extends Batcher<QueueBatcher.Pending<E, O>, R>
        permits JoinBatcher, LeaveBatcher, SessionBatcher {
    /** An entry, and where its outcome goes. */
    record Pending<E, O>(E entry, CompletableFuture<O> answer, long sinceNanos) {}

    private final ArrayDeque<Pending<E, O>> waiting = new ArrayDeque<>();

    QueueBatcher(RoomContext context, LineReplica line) {
        super(context, line);
    }

    /** What the entries are, in the plural, for messages. */
    abstract String entries();

    abstract O unavailable(Unavailability why);

    /** The outcome in a room that was deleted. */
    abstract O deleted();

    /** Why an entry was not sent in time. */
    Unavailability whyNotInTime() {
        return context.unavailable();
    }

    final void add(E entry, CompletableFuture<O> answer, long sinceNanos) {
        refusal(waiting.size(), entries() + " wait to be sent")
                .ifPresentOrElse(why -> answer.complete(unavailable(why)), () -> {
                    waiting.add(new Pending<>(entry, answer, sinceNanos));
                    send();
                });
    }

    final boolean idle() {
        return waiting.isEmpty() && inFlight().isEmpty();
    }

    /** Answers the entries whose patience is over, and sends the next batch. */
    final void expire() {
        long now = context.nanoTime();
        waiting.removeIf(pending -> giveUp(pending, now));
        inFlight().forEach(pending -> giveUp(pending, now));
        send();
    }

    /** Answers all that wait: this process no longer serves the room. */
    final void close(Unavailability why) {
        answerWaiting(unavailable(why));
    }

    /** Answers all entries: the room was deleted. */
    final void end() {
        inFlight().forEach(pending -> pending.answer.complete(deleted()));
        answerWaiting(deleted());
    }

    @Override
    List<Pending<E, O>> nextBatch() {
        List<Pending<E, O>> batch = new ArrayList<>();
        while (batch.size() < RoomScripts.BATCH_TICKETS && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    @Override
    final void putBack(List<Pending<E, O>> batch) {
        batch.reversed().forEach(waiting::addFirst);
    }

    @Override
    final void refuse(List<Pending<E, O>> batch, Unavailability why) {
        batch.forEach(pending -> pending.answer.complete(unavailable(why)));
        send();
    }

    private boolean giveUp(Pending<E, O> pending, long now) {
        if (!patienceIsOver(pending.sinceNanos, now)) {
            return false;
        }
        pending.answer.complete(unavailable(whyNotInTime()));
        return true;
    }

    private void answerWaiting(O outcome) {
        waiting.forEach(pending -> pending.answer.complete(outcome));
        waiting.clear();
    }
}
