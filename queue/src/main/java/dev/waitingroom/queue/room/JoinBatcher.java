package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Batches of joins. An unanswered batch is sent again under its own number until its deadline. So it takes effect once, and never after
 * the deadline.
 */
final class JoinBatcher extends QueueBatcher<JoinBatcher.Join, JoinOutcome, List<JoinAnswer>> {
    private static final Unavailability LATE =
            new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "the batch came late", Duration.ofSeconds(1));

    /** One join, whether it asks to be admitted, and how its answer becomes an outcome. */
    record Join(Optional<byte[]> visitorHash, boolean admit, Function<JoinAnswer, JoinOutcome> outcome) {}

    private long highestAdmitted;
    private long number;
    private long deadlineMicros;

    JoinBatcher(RoomContext context, LineReplica line) {
        super(context, line);
    }

    @Override
    String entries() {
        return "joins";
    }

    @Override
    JoinOutcome unavailable(Unavailability why) {
        return new JoinOutcome.Unavailable(why);
    }

    @Override
    JoinOutcome deleted() {
        return new JoinOutcome.Closed();
    }

    @Override
    Unavailability whyNotInTime() {
        return line.behind() ? EpochRecovery.RECOVERING : context.unavailable();
    }

    @Override
    boolean maySend() {
        return !line.behind();
    }

    @Override
    Duration spacing() {
        return context.spacing();
    }

    /** A batch has the number and the deadline that it is sent with each time. */
    @Override
    List<Pending<Join, JoinOutcome>> nextBatch() {
        List<Pending<Join, JoinOutcome>> batch = super.nextBatch();
        if (!batch.isEmpty()) {
            long left = RoomContext.PATIENCE.toNanos()
                    - (context.nanoTime() - batch.getFirst().sinceNanos());
            number++;
            deadlineMicros = context.clock().micros() + left / 1_000;
        }
        return batch;
    }

    @Override
    CompletionStage<Reply<List<JoinAnswer>>> call(Call fence, List<Pending<Join, JoinOutcome>> batch) {
        return context.scripts()
                .join(new JoinBatch(
                        new Call(fence.gateway(), fence.epoch(), deadlineMicros),
                        number,
                        Math.max(line.highestSeen(), highestAdmitted),
                        batch.stream()
                                .map(join -> new JoinEntry(
                                        join.entry().visitorHash(), join.entry().admit()))
                                .toList()));
    }

    @Override
    boolean done(List<Pending<Join, JoinOutcome>> batch, List<JoinAnswer> answers, long nowMicros) {
        line.issued(answers.stream()
                .filter(JoinAnswer.Issued.class::isInstance)
                .mapToLong(answer -> ((JoinAnswer.Issued) answer).ticket())
                .toArray());
        noteAdmitted(
                answers.stream()
                        .filter(JoinAnswer.Admitted.class::isInstance)
                        .map(JoinAnswer.Admitted.class::cast)
                        .toList(),
                nowMicros);
        for (int i = 0; i < batch.size(); i++) {
            Pending<Join, JoinOutcome> join = batch.get(i);
            join.answer().complete(join.entry().outcome().apply(answers.get(i)));
        }
        return true;
    }

    /** Comes before any join is answered: otherwise the tokens that were taken would be promised to others. */
    private void noteAdmitted(List<JoinAnswer.Admitted> admitted, long nowMicros) {
        if (admitted.isEmpty()) {
            return;
        }
        for (JoinAnswer.Admitted one : admitted) {
            line.granted(one.ticket(), one.grantedMillis());
            highestAdmitted = Math.max(highestAdmitted, one.ticket());
        }
        // An admission that is answered again takes no token.
        long taken = admitted.stream()
                .filter(one -> one.grantedMillis() == nowMicros / 1_000)
                .count();
        line.tokensTaken(taken, nowMicros);
        line.departed(admitted.stream().mapToLong(JoinAnswer.Admitted::ticket).toArray());
    }

    @Override
    void late() {
        refuse(release(), LATE);
    }

    @Override
    void staleEpoch() {
        again();
    }

    @Override
    void failed() {
        again();
    }

    /** Sends the same batch again while it may still take effect. Otherwise its joins are refused when it surely takes none any more. */
    private void again() {
        Duration left = Duration.of(deadlineMicros - context.clock().micros(), ChronoUnit.MICROS);
        if (context.outageKnown() || left.compareTo(RETRY_DELAY) < 0) {
            context.after(left.isNegative() ? Duration.ZERO : left, () -> refuse(release(), whyNotInTime()));
        } else {
            context.after(RETRY_DELAY, () -> {
                if (line.behind()) {
                    again();
                } else {
                    callNow();
                }
            });
        }
    }
}
