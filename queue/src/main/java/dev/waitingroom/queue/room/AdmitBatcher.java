package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.AdmitReply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Batches of admits, held for their turn and a token, the lowest ticket first. Redis is asked about an admit when its turn has come by a
 * snapshot that began after the admit did: so a turn that was seen through another gateway is not refused here. It is asked again when the
 * next token is due.
 */
final class AdmitBatcher extends Batcher<HeldAdmit, AdmitReply> {
    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    private final TicketStandings standings;
    private final AdmitOutcomeFactory outcomes;
    private final ReadyAdmits ready;
    private final Map<Long, HeldAdmit> undecided = new HashMap<>();
    private long notBeforeMicros;
    private long nextTokenMicros;
    private boolean recovering;

    AdmitBatcher(RoomContext context, LineReplica line, TicketStandings standings) {
        super(context, line);
        this.standings = standings;
        this.ready = new ReadyAdmits(context, line.promises());
        this.outcomes = new AdmitOutcomeFactory(context, line, standings);
    }

    /** How many are held for a token. */
    int held() {
        return ready.size();
    }

    boolean idle() {
        return ready.size() == 0 && undecided.isEmpty() && inFlight().isEmpty();
    }

    void add(Ticket ticket, Duration wait, CompletableFuture<AdmitOutcome> answer) {
        refusal(ready.size() + undecided.size(), "admits are held")
                .ifPresentOrElse(
                        why -> answer.complete(new AdmitOutcome.Unavailable(why)), () -> hold(ticket, wait, answer));
    }

    private void hold(Ticket ticket, Duration wait, CompletableFuture<AdmitOutcome> answer) {
        long now = context.nanoTime();
        long until = now + wait.toNanos();
        Optional<HeldAdmit> same =
                ready.of(ticket.number()).or(() -> Optional.ofNullable(undecided.get(ticket.number())));
        if (same.isPresent()) {
            same.get().add(answer, until);
            return;
        }
        HeldAdmit held = new HeldAdmit(ticket, now);
        held.add(answer, until);
        if (turnHasCome(ticket) || !standings.mayWait(ticket)) {
            ready.add(held);
            send();
        } else {
            undecided.put(ticket.number(), held);
            line.refreshSoon();
        }
    }

    /** Decides on admits that came before {@code askedNanos}, when the present snapshot was asked for. */
    void decide(long askedNanos) {
        undecided.values().removeIf(held -> held.sinceNanos <= askedNanos && isDecided(held));
        send();
    }

    private boolean isDecided(HeldAdmit held) {
        if (turnHasCome(held.ticket)) {
            ready.add(held);
            return true;
        }
        if (line.recovering()) {
            return false;
        }
        held.soon = standings.isCalledSoon(held.ticket);
        if (!held.soon) {
            held.complete(outcomes.notYet(held.ticket));
        }
        return !held.soon;
    }

    private boolean turnHasCome(Ticket ticket) {
        RoomSnapshot view = line.view();
        return view.line().called(ticket.number()) || view.policy().mode() == Mode.PASS;
    }

    /** Answers those whose time is up, and sends the next batch. */
    void expire() {
        long now = context.nanoTime();
        for (HeldAdmit held : ready.all()) {
            if (timeIsUp(held, now)) {
                ready.remove(held, false);
            }
        }
        undecided.values().removeIf(held -> timeIsUp(held, now));
        send();
    }

    private boolean timeIsUp(HeldAdmit held, long now) {
        if (context.failing() && patienceIsOver(held.sinceNanos, now)) {
            held.complete(new AdmitOutcome.Unavailable(context.unavailable()));
            return true;
        }
        boolean over = held.asked ? held.heldLongEnough(now) : held.heldLongEnough(now, RoomContext.PATIENCE);
        if (!over || inFlight().contains(held)) { // the call in flight may yet admit it: the answer decides
            return false;
        }
        if (recovering || line.recovering()) {
            held.complete(new AdmitOutcome.Unavailable(EpochRecovery.RECOVERING));
        } else if (held.asked) {
            held.complete(outcomes.bucketEmpty(held.ticket, nextTokenMicros));
        } else if (held.soon) {
            held.complete(outcomes.notYet(held.ticket));
        } else {
            held.complete(new AdmitOutcome.Unavailable(context.unavailable()));
        }
        return true;
    }

    /** Answers all admits alike. */
    void close(AdmitOutcome outcome) {
        ready.all().forEach(held -> held.complete(outcome));
        undecided.values().forEach(held -> held.complete(outcome));
        ready.clear();
        undecided.clear();
    }

    @Override
    Duration spacing() {
        return context.spacing();
    }

    /** They stay held. Where there are none, expire() comes by every few milliseconds while anything is held. */
    @Override
    List<HeldAdmit> nextBatch() {
        return ready.next(context.clock().micros() >= notBeforeMicros);
    }

    @Override
    CompletionStage<Reply<AdmitReply>> call(Call fence, List<HeldAdmit> batch) {
        return context.scripts()
                .admit(fence, batch.stream().mapToLong(HeldAdmit::number).toArray());
    }

    @Override
    void failed() {
        inFlight().forEach(held -> held.asked = false); // Redis may have admitted them: it must be asked again
        super.failed();
    }

    @Override
    void refuse(List<HeldAdmit> batch, Unavailability why) {
        for (HeldAdmit held : batch) {
            ready.remove(held, false);
            held.complete(new AdmitOutcome.Unavailable(why));
        }
    }

    @Override
    boolean done(List<HeldAdmit> batch, AdmitReply reply, long nowMicros) {
        recovering = reply.recovering();
        boolean wait = recovering;
        note(batch, reply, nowMicros);
        for (int i = 0; i < batch.size(); i++) {
            wait |= answer(batch.get(i), reply.answers().get(i), reply.nextTokenMicros());
        }
        notBeforeMicros = wait ? Math.max(reply.nextTokenMicros(), nowMicros + MIN_INTERVAL.toNanos() / 1_000) : 0;
        return true;
    }

    /** Answers one admit, or holds it on. Returns whether Redis is asked again only when the next token is due. */
    private boolean answer(HeldAdmit held, AdmitAnswer answer, long nextToken) {
        held.asked = true;
        switch (answer) {
            case AdmitAnswer.Granted(long grantedMillis) -> {
                ready.remove(held, true);
                held.complete(outcomes.granted(grantedMillis));
            }
            case AdmitAnswer.NotYet() -> {
                if (!recovering) {
                    ready.remove(held, false);
                    held.complete(outcomes.notYet(held.ticket));
                }
            }
            case AdmitAnswer.BucketEmpty() -> {
                nextTokenMicros = nextToken;
                if (held.heldLongEnough(context.nanoTime())) {
                    ready.remove(held, false);
                    held.complete(outcomes.bucketEmpty(held.ticket, nextToken));
                }
                return true;
            }
            case AdmitAnswer.Gone() -> {
                ready.remove(held, true);
                held.complete(outcomes.gone(held.ticket));
            }
            case AdmitAnswer.Unknown() -> {
                held.asked = false;
                held.notBeforeNanos = context.nanoTime() + RETRY_DELAY.toNanos(); // the lookup may have to be repeated
                line.lookUp(held.number());
                return true;
            }
        }
        return false;
    }

    /** Comes before any admit is released: otherwise the tokens that were taken would be promised to others. */
    private void note(List<HeldAdmit> batch, AdmitReply reply, long nowMicros) {
        List<Long> departed = new ArrayList<>();
        long taken = 0;
        for (int i = 0; i < batch.size(); i++) {
            long number = batch.get(i).number();
            switch (reply.answers().get(i)) {
                case AdmitAnswer.Granted(long grantedMillis) -> {
                    line.granted(number, grantedMillis);
                    departed.add(number);
                    taken += grantedMillis == nowMicros / 1_000 ? 1 : 0; // none where an earlier call is answered again
                }
                case AdmitAnswer.Gone() -> departed.add(number);
                case AdmitAnswer.NotYet(), AdmitAnswer.BucketEmpty(), AdmitAnswer.Unknown() -> {}
            }
        }
        if (!departed.isEmpty()) {
            line.tokensTaken(taken, nowMicros);
            line.departed(departed.stream().mapToLong(Long::longValue).toArray());
        }
    }
}
