package dev.waitingroom.queue.room;

import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts;
import dev.waitingroom.queue.redis.RoomScripts.Call;
import dev.waitingroom.queue.redis.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.redis.RoomScripts.JoinBatch;
import dev.waitingroom.queue.redis.RoomScripts.JoinEntry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Joins, gathered while the last batch is under way. A batch that is not answered is sent again under its number until its deadline:
 * it has its effect once, and none after the deadline. On the room's loop only.
 */
final class JoinBatcher {
    private static final int MAX_WAITING = 20_000;

    private static final Duration RETRY = Duration.ofMillis(50);

    /** One join. */
    record Pending(
            Optional<byte[]> visitorHash,
            Function<JoinAnswer, JoinOutcome> outcome,
            CompletableFuture<JoinOutcome> answer,
            long sinceNanos) {}

    private final RoomContext loop;
    private final LineReplica line;
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private List<Pending> underWay = List.of();
    private long number;
    private long deadlineMicros;
    private boolean spaced = true;

    JoinBatcher(RoomContext loop, LineReplica line) {
        this.loop = loop;
        this.line = line;
    }

    void add(Pending join) {
        if (loop.outageKnown()) {
            join.answer.complete(new JoinOutcome.Unavailable(loop.unavailable()));
        } else if (waiting.size() >= MAX_WAITING) {
            join.answer.complete(new JoinOutcome.Unavailable(new Unavailability(
                    Unavailability.Cause.OVERLOADED, MAX_WAITING + " joins wait to be sent", Duration.ofSeconds(1))));
        } else {
            waiting.add(join);
            send();
        }
    }

    boolean idle() {
        return waiting.isEmpty() && underWay.isEmpty();
    }

    /** Answers those whose time is up. */
    void expire() {
        long now = loop.nanoTime();
        waiting.removeIf(join -> giveUp(join, now));
        underWay.forEach(join -> giveUp(join, now));
        send();
    }

    /** Why a join was not made in time. */
    private Unavailability why() {
        return line.behind() ? EpochRecovery.RECOVERING : loop.unavailable();
    }

    private boolean giveUp(Pending join, long now) {
        if (now - join.sinceNanos < RoomContext.PATIENCE.toNanos()) {
            return false;
        }
        join.answer.complete(new JoinOutcome.Unavailable(why()));
        return true;
    }

    void close(Unavailability why) {
        waiting.forEach(join -> join.answer.complete(new JoinOutcome.Unavailable(why)));
        waiting.clear();
    }

    /** The room was deleted. */
    void end() {
        underWay.forEach(join -> join.answer.complete(new JoinOutcome.Closed()));
        waiting.forEach(join -> join.answer.complete(new JoinOutcome.Closed()));
        waiting.clear();
    }

    private void send() {
        if (!underWay.isEmpty() || waiting.isEmpty() || !spaced || line.epochUnknown() || line.behind()) {
            return;
        }
        spaced = false;
        loop.after(loop.spacing(), () -> {
            spaced = true;
            send();
        });
        List<Pending> batch = new ArrayList<>();
        while (batch.size() < RoomScripts.BATCH_TICKETS && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        long left = RoomContext.PATIENCE.toNanos() - (loop.nanoTime() - batch.getFirst().sinceNanos);
        underWay = batch;
        number++;
        deadlineMicros = loop.clock().micros() + left / 1_000;
        call();
    }

    private void call() {
        if (line.behind()) {
            again();
            return;
        }
        Call fence = loop.call(Duration.ZERO);
        JoinBatch batch = new JoinBatch(
                new Call(fence.gateway(), fence.epoch(), deadlineMicros),
                number,
                line.highestSeen(),
                underWay.stream().map(join -> new JoinEntry(join.visitorHash)).toList());
        loop.follow(loop.scripts().join(batch), this::ended);
    }

    private void ended(RoomContext.Ended<List<JoinAnswer>> ended) {
        switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, List<JoinAnswer> answers)) -> answered(answers);
            case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                line.epochIs(epoch);
                again();
            }
            case RoomContext.Ended.Answered(Reply.NoPolicy<List<JoinAnswer>> none) -> refuse(LineReplica.NO_POLICY);
            case RoomContext.Ended.Answered(Reply.Late<List<JoinAnswer>> late) ->
                refuse(new Unavailability(
                        Unavailability.Cause.REDIS_UNREACHABLE, "the batch came late", Duration.ofSeconds(1)));
            case RoomContext.Ended.Failed<List<JoinAnswer>> failed -> again();
        }
    }

    private void answered(List<JoinAnswer> answers) {
        List<Pending> batch = underWay;
        underWay = List.of();
        line.issued(answers.stream()
                .filter(JoinAnswer.Issued.class::isInstance)
                .mapToLong(answer -> ((JoinAnswer.Issued) answer).ticket())
                .toArray());
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer.complete(batch.get(i).outcome.apply(answers.get(i)));
        }
        send();
    }

    /** The same batch, if it may still have its effect; otherwise nobody is told so before it surely has none. */
    private void again() {
        Duration left = Duration.of(deadlineMicros - loop.clock().micros(), ChronoUnit.MICROS);
        if (loop.outageKnown() || left.compareTo(RETRY) < 0) {
            loop.after(left.isNegative() ? Duration.ZERO : left, () -> refuse(why()));
        } else {
            loop.after(RETRY, this::call);
        }
    }

    private void refuse(Unavailability why) {
        underWay.forEach(join -> join.answer.complete(new JoinOutcome.Unavailable(why)));
        underWay = List.of();
        send();
    }
}
