package dev.waitingroom.queue.room;

import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts;
import dev.waitingroom.queue.redis.RoomScripts.Standing;
import dev.waitingroom.queue.room.TicketOutcomes.Fate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks Redis about tickets that should be in the line and are not in the copy: asleep, admitted before this process looked, or lost by
 * Redis and to be put back. On the room's loop only.
 */
final class RestoreBatcher {
    private static final int MAX_WAITING = 20_000;

    private final RoomContext loop;
    private final LineReplica line;
    private final Map<Long, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
    private boolean underWay;

    RestoreBatcher(RoomContext loop, LineReplica line) {
        this.loop = loop;
        this.line = line;
    }

    /**
     * Asks about a ticket. Past the bound it is dropped: its next poll asks again.
     *
     * @return done when Redis has said, or will not in time
     */
    CompletionStage<Void> add(long ticket) {
        CompletableFuture<Void> known = waiting.get(ticket);
        if (known != null) {
            return known;
        }
        CompletableFuture<Void> said = new CompletableFuture<>();
        if (waiting.size() >= MAX_WAITING) {
            said.complete(null);
            return said;
        }
        waiting.put(ticket, said);
        loop.after(RoomContext.PATIENCE, () -> said.complete(null));
        send();
        return said;
    }

    void send() {
        if (underWay || waiting.isEmpty() || line.epochUnknown() || loop.outageKnown()) {
            return;
        }
        long[] tickets = waiting.keySet().stream()
                .limit(RoomScripts.BATCH_TICKETS)
                .mapToLong(Long::longValue)
                .toArray();
        underWay = true;
        loop.follow(loop.scripts().restore(loop.call(Duration.ofMillis(700)), tickets), ended -> {
            underWay = false;
            switch (ended) {
                case RoomContext.Ended.Answered(Reply.Done(long now, List<Standing> standings)) -> {
                    for (int i = 0; i < tickets.length; i++) {
                        learn(tickets[i], standings.get(i), now);
                    }
                    if (standings.stream().noneMatch(Standing.NotKnown.class::isInstance)) {
                        send(); // otherwise the room's next refresh does
                    }
                }
                case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                    line.epochIs(epoch);
                    send();
                }
                default -> {} // the room's next refresh tries again
            }
        });
    }

    private void learn(long ticket, Standing standing, long nowMicros) {
        if (standing instanceof Standing.NotKnown) {
            return;
        }
        CompletableFuture<Void> said = waiting.remove(ticket);
        switch (standing) {
            case Standing.NotKnown() -> {}
            case Standing.Waits() when readSince(nowMicros) -> {} // the copy has it, or knows that it is over
            case Standing.Asleep()
            when readSince(nowMicros) -> {} // its turn may be over: its next poll asks again
            case Standing.Waits() -> {
                line.outcomes().forget(ticket);
                line.waiting(new long[] {ticket});
            }
            case Standing.Asleep() -> line.outcomes().learn(ticket, new Fate.Asleep());
            case Standing.Granted(long at) -> line.outcomes().learn(ticket, new Fate.Granted(at));
            case Standing.Gone() -> line.outcomes().learn(ticket, new Fate.Gone());
            case Standing.Unknown() -> {} // its next poll asks again
        }
        if (said != null) {
            said.complete(null);
        }
    }

    /** Whether the line was read later than this, Redis' clock in µs: what Redis said then may be over. */
    private boolean readSince(long micros) {
        return line.published().filter(view -> view.asOfMicros() > micros).isPresent();
    }
}
