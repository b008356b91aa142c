package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.redis.RoomScripts.AdmitReply;
import dev.waitingroom.queue.room.TicketOutcomes.Fate;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Admits, held for their turn and a token, lowest ticket first. An admit is asked of Redis when it comes and its turn has come by a
 * snapshot that began after it did, so that a turn seen through another gateway is not refused by this one; then again when the next
 * token is due. On the room's loop only.
 */
final class AdmitBatcher {
    private static final int MAX_WAITING = 20_000;

    /** Retries side by side, of a browser in two tabs; more of one ticket are no visitor's. */
    private static final int MAX_OF_A_TICKET = 8;

    private static final int BATCH_LOWEST = 128;
    private static final int BATCH_NEW = 128;
    private static final Duration RETRY = Duration.ofMillis(50);
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    /** One ticket, and all who ask for it: a retry side by side shares the answer. */
    private static final class Held {
        private final Ticket ticket;
        private final List<CompletableFuture<AdmitOutcome>> answers = new ArrayList<>();
        private final long sinceNanos;
        private long untilNanos;
        private boolean asked;
        /** Its turn has not come, but there are tokens for it: the next tick may call it. */
        private boolean soon;

        private long notBeforeNanos;

        private Held(Ticket ticket, long sinceNanos, long untilNanos) {
            this.ticket = ticket;
            this.sinceNanos = sinceNanos;
            this.untilNanos = untilNanos;
            this.notBeforeNanos = sinceNanos;
        }

        private void complete(AdmitOutcome outcome) {
            answers.forEach(answer -> answer.complete(outcome));
        }
    }

    private final RoomContext loop;
    private final LineReplica line;
    private final TicketStandings standings;
    private final TreeMap<Long, Held> ready = new TreeMap<>();
    private final Map<Long, Held> undecided = new HashMap<>();
    private List<Held> underWay = List.of();
    private long notBeforeMicros;
    private long nextTokenMicros;
    private boolean spaced = true;
    private boolean recovering;

    AdmitBatcher(RoomContext loop, LineReplica line, TicketStandings standings) {
        this.loop = loop;
        this.line = line;
        this.standings = standings;
    }

    /** How many are held for a token. */
    int held() {
        return ready.size();
    }

    boolean idle() {
        return ready.isEmpty() && undecided.isEmpty() && underWay.isEmpty();
    }

    void add(Ticket ticket, Duration wait, CompletableFuture<AdmitOutcome> answer) {
        if (loop.outageKnown()) {
            answer.complete(new AdmitOutcome.Unavailable(loop.unavailable()));
            return;
        }
        if (ready.size() + undecided.size() >= MAX_WAITING) {
            answer.complete(new AdmitOutcome.Unavailable(new Unavailability(
                    Unavailability.Cause.OVERLOADED, MAX_WAITING + " admits are held", Duration.ofSeconds(1))));
            return;
        }
        long now = loop.nanoTime();
        Held same = ready.containsKey(ticket.number()) ? ready.get(ticket.number()) : undecided.get(ticket.number());
        if (same != null) {
            if (same.answers.size() == MAX_OF_A_TICKET) {
                answer.complete(new AdmitOutcome.Unavailable(new Unavailability(
                        Unavailability.Cause.OVERLOADED,
                        MAX_OF_A_TICKET + " admits of this ticket are held",
                        Duration.ofSeconds(1))));
            } else {
                same.answers.add(answer);
                same.untilNanos = Math.max(same.untilNanos, now + wait.toNanos());
            }
            return;
        }
        Held held = new Held(ticket, now, now + wait.toNanos());
        held.answers.add(answer);
        RoomSnapshot view = line.view();
        if (view.line().called(ticket.number()) || view.policy().mode() == Mode.PASS || !standings.mayWait(ticket)) {
            hold(held);
            send();
        } else {
            undecided.put(ticket.number(), held);
            line.refreshSoon();
        }
    }

    /** A snapshot came that was asked for at {@code askedNanos}. */
    void decide(long askedNanos) {
        RoomSnapshot view = line.view();
        undecided.values().removeIf(held -> {
            if (held.sinceNanos > askedNanos) {
                return false;
            }
            if (view.line().called(held.ticket.number()) || view.policy().mode() == Mode.PASS) {
                hold(held);
            } else if (line.recovering()) {
                return false;
            } else {
                held.soon = standings.isCalledSoon(held.ticket);
                if (held.soon) {
                    return false;
                }
                notYet(held);
            }
            return true;
        });
        send();
    }

    /** Answers those whose time is up. */
    void expire() {
        long now = loop.nanoTime();
        for (Held held : List.copyOf(ready.values())) {
            if (timeIsUp(held, now)) {
                release(held, false);
            }
        }
        undecided.values().removeIf(held -> timeIsUp(held, now));
        send();
    }

    private boolean timeIsUp(Held held, long now) {
        if (loop.failing() && now - held.sinceNanos >= RoomContext.PATIENCE.toNanos()) {
            held.complete(new AdmitOutcome.Unavailable(loop.unavailable()));
            return true;
        }
        // One that Redis has not been asked about yet gets the time that a call may take.
        long until = held.asked
                ? held.untilNanos
                : Math.max(held.untilNanos, held.sinceNanos + RoomContext.PATIENCE.toNanos());
        if (now < until || underWay.contains(held)) { // a call that is under way may yet admit it: its answer decides
            return false;
        }
        if (recovering || line.recovering()) {
            held.complete(new AdmitOutcome.Unavailable(EpochRecovery.RECOVERING));
        } else if (held.asked) {
            empty(held);
        } else if (held.soon) {
            notYet(held);
        } else {
            held.complete(new AdmitOutcome.Unavailable(loop.unavailable()));
        }
        return true;
    }

    /** Answers everyone alike. */
    void close(AdmitOutcome outcome) {
        ready.values().forEach(held -> held.complete(outcome));
        undecided.values().forEach(held -> held.complete(outcome));
        ready.clear();
        undecided.clear();
    }

    private void hold(Held held) {
        ready.put(held.ticket.number(), held);
        line.promises().hold(held.ticket.number(), loop.nanoTime());
    }

    /** @param over whether its place is over */
    private void release(Held held, boolean over) {
        if (ready.remove(held.ticket.number()) != null) {
            line.promises().answered(held.ticket.number(), over, loop.nanoTime());
        }
    }

    private void send() {
        if (!underWay.isEmpty() || ready.isEmpty() || !spaced || line.epochUnknown()) {
            return;
        }
        boolean due = loop.clock().micros() >= notBeforeMicros;
        List<Held> batch = new ArrayList<>();
        int unasked = 0;
        int lowest = 0;
        long now = loop.nanoTime();
        for (Held held : ready.values()) {
            if (now - held.notBeforeNanos < 0) {
                continue;
            }
            if (!held.asked && unasked < BATCH_NEW) {
                unasked++;
                batch.add(held);
            } else if (due && lowest < BATCH_LOWEST) {
                lowest++;
                batch.add(held);
            }
            if (unasked == BATCH_NEW && (lowest == BATCH_LOWEST || !due)) {
                break;
            }
        }
        if (batch.isEmpty()) {
            return; // expire() comes by every few milliseconds while anyone is held
        }
        spaced = false;
        loop.after(loop.spacing(), () -> {
            spaced = true;
            send();
        });
        underWay = batch;
        long[] tickets = batch.stream().mapToLong(held -> held.ticket.number()).toArray();
        loop.follow(loop.scripts().admit(loop.call(RoomContext.PATIENCE), tickets), this::ended);
    }

    private void ended(RoomContext.Ended<AdmitReply> ended) {
        List<Held> batch = underWay;
        underWay = List.of();
        switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, AdmitReply reply)) -> answered(batch, reply, now);
            case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                line.epochIs(epoch);
                send();
            }
            case RoomContext.Ended.Answered(Reply.NoPolicy<AdmitReply> none) -> refuse(batch);
            case RoomContext.Ended.Answered(Reply.Late<AdmitReply> late) -> loop.after(RETRY, this::send);
            case RoomContext.Ended.Failed<AdmitReply> failed -> {
                batch.forEach(held -> held.asked = false); // it may have admitted them: nobody can say that it did not
                loop.after(RETRY, this::send);
            }
        }
    }

    private void answered(List<Held> batch, AdmitReply reply, long nowMicros) {
        recovering = reply.recovering();
        boolean empty = recovering;
        note(batch, reply, nowMicros);
        for (int i = 0; i < batch.size(); i++) {
            Held held = batch.get(i);
            long number = held.ticket.number();
            held.asked = true;
            switch (reply.answers().get(i)) {
                case AdmitAnswer.Granted(long atMillis) -> {
                    release(held, true);
                    held.complete(granted(atMillis));
                }
                case AdmitAnswer.NotYet() -> {
                    if (!recovering) {
                        release(held, false);
                        notYet(held);
                    }
                }
                case AdmitAnswer.BucketEmpty() -> {
                    empty = true;
                    nextTokenMicros = reply.nextTokenMicros();
                    if (loop.nanoTime() >= held.untilNanos) {
                        release(held, false);
                        empty(held);
                    }
                }
                case AdmitAnswer.Gone() -> {
                    release(held, true);
                    held.complete(new AdmitOutcome.Gone(over(held.ticket)));
                }
                case AdmitAnswer.Unknown() -> {
                    held.asked = false;
                    held.notBeforeNanos = loop.nanoTime() + RETRY.toNanos(); // the lookup may have to be repeated
                    empty = true;
                    line.lookUp(number);
                }
            }
        }
        notBeforeMicros = empty ? Math.max(reply.nextTokenMicros(), nowMicros + MIN_INTERVAL.toNanos() / 1_000) : 0;
        send();
    }

    /** Comes before any of them is released: until the line knows of the tokens that were taken, others would be promised the same ones. */
    private void note(List<Held> batch, AdmitReply reply, long nowMicros) {
        List<Long> departed = new ArrayList<>();
        long taken = 0;
        for (int i = 0; i < batch.size(); i++) {
            long number = batch.get(i).ticket.number();
            switch (reply.answers().get(i)) {
                case AdmitAnswer.Granted(long atMillis) -> {
                    line.outcomes().learn(number, new Fate.Granted(atMillis));
                    departed.add(number);
                    taken += atMillis == nowMicros / 1_000 ? 1 : 0; // not where an earlier call was answered again
                }
                case AdmitAnswer.Gone() -> departed.add(number);
                case AdmitAnswer.NotYet(), AdmitAnswer.BucketEmpty(), AdmitAnswer.Unknown() -> {}
            }
        }
        line.tokensTaken(taken, nowMicros);
        line.departed(departed.stream().mapToLong(Long::longValue).toArray());
    }

    private AdmitOutcome granted(long atMillis) {
        return new AdmitOutcome.Granted(
                Instant.ofEpochMilli(atMillis), line.view().policy().reservationTtl());
    }

    private void refuse(List<Held> batch) {
        for (Held held : batch) {
            release(held, false);
            held.complete(new AdmitOutcome.Unavailable(LineReplica.NO_POLICY));
        }
    }

    private TicketStatus.State over(Ticket ticket) {
        return line.outcomes()
                        .of(ticket.number())
                        .filter(Fate.Left.class::isInstance)
                        .isPresent()
                ? TicketStatus.State.LEFT
                : TicketStatus.State.EXPIRED;
    }

    private void notYet(Held held) {
        held.complete(
                switch (standings.look(held.ticket)) {
                    case Look.Waits(TicketStatus status, boolean lookup) ->
                        new AdmitOutcome.NotYet(status, retryAfter(status));
                    case Look.Over(TicketStatus status) -> new AdmitOutcome.Gone(status.state());
                });
    }

    private void empty(Held held) {
        held.complete(
                switch (standings.look(held.ticket)) {
                    case Look.Waits(TicketStatus status, boolean lookup) ->
                        new AdmitOutcome.BucketEmpty(status, retryWithToken(held));
                    case Look.Over(TicketStatus status) -> new AdmitOutcome.Gone(status.state());
                });
    }

    private static Duration retryAfter(TicketStatus status) {
        return Duration.ofSeconds(Math.max(1, status.pollAfter().toSeconds()));
    }

    /**
     * The whole seconds until the next token, but no longer than polls may be apart. The visitor comes back just before it, is held for it, and
     * is not overtaken by others who are. Until then they are expected.
     */
    private Duration retryWithToken(Held held) {
        long token = Math.floorDiv(nextTokenMicros - loop.clock().micros(), 1_000_000L);
        long poll = TicketStatusCalculator.latestPoll(line.view().policy()).toSeconds();
        Duration retry = Duration.ofSeconds(Math.max(1, Math.min(token, poll)));
        line.promises().expect(held.ticket.number(), retry, loop.nanoTime());
        return retry;
    }
}
