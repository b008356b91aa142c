package dev.waitingroom.bench.streams;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;

/** A long line in a Redis of its own, whose front departs. Nobody in it is called, so that all streams go on. Not thread-safe. */
final class LoadedLine implements AutoCloseable {
    static final GatewayId GATEWAY = new GatewayId("shop", "default");
    static final String EVENT = "load";

    private static final RoomId ROOM = new RoomId("shop", "load");
    private static final long INCARNATION = 1;
    private static final long NO_DEADLINE = (1L << 53) - 1;
    private static final Duration HOUR = Duration.ofHours(1);

    private final RedisProcess redis;
    private final QueueRedis queue;
    private final RoomScripts room;
    private final long epoch;
    private final Queue<Ticket> front = new ArrayDeque<>();
    private long batch;

    private LoadedLine(RedisProcess redis, QueueRedis queue) {
        this.redis = redis;
        this.queue = queue;
        this.room = queue.scripts(ROOM);
        Awaitility.await().ignoreExceptions().until(() -> {
            queue.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, INCARNATION));
            queue.roomControl().apply(ROOM, policy(), true);
            return true;
        });
        this.epoch = done(room.snapshot(0, 0, OptionalLong.empty())).header().epoch();
    }

    static LoadedLine open() throws IOException {
        RedisProcess redis = RedisProcess.start();
        return new LoadedLine(redis, QueueRedis.connect(RedisSettings.of(redis.url())));
    }

    /** One admission an hour. */
    private static Policy policy() {
        return new Policy(
                EVENT,
                INCARNATION,
                1,
                Mode.QUEUE,
                1,
                HOUR,
                1,
                HOUR,
                HOUR,
                OptionalLong.empty(),
                Duration.ofMinutes(2),
                "");
    }

    String redisUrl() {
        return redis.url();
    }

    /** Lets visitors join, who will depart before all others. */
    void fillFront(int visitors) {
        front.addAll(join(visitors));
    }

    List<Ticket> join(int visitors) {
        List<Ticket> tickets = new ArrayList<>(visitors);
        while (tickets.size() < visitors) {
            int size = Math.min(RoomScripts.BATCH_TICKETS, visitors - tickets.size());
            List<JoinEntry> entries = Collections.nCopies(size, new JoinEntry(Optional.empty(), false));
            for (JoinAnswer answer : done(room.join(new JoinBatch(call(), ++batch, 0, entries)))) {
                tickets.add(ticket(answer));
            }
        }
        return tickets;
    }

    private static Ticket ticket(JoinAnswer answer) {
        if (answer instanceof JoinAnswer.Issued(long number, long issuedMillis)) {
            return new Ticket(EVENT, INCARNATION, number, Instant.ofEpochMilli(issuedMillis), Optional.empty());
        }
        throw new IllegalStateException("a join was refused: " + answer);
    }

    /** Lets visitors at the front depart, as many as there are at most. */
    void depart(int visitors) {
        long[] tickets =
                front.stream().limit(visitors).mapToLong(Ticket::number).toArray();
        for (int i = 0; i < tickets.length; i++) {
            front.remove();
        }
        if (tickets.length > 0) {
            done(room.leave(call(), tickets));
        }
    }

    private Call call() {
        return new Call("load", epoch, NO_DEADLINE);
    }

    private static <T> T done(CompletionStage<Reply<T>> stage) {
        Reply<T> reply = stage.toCompletableFuture().join();
        if (reply instanceof Reply.Done<T> done) {
            return done.value();
        }
        throw new IllegalStateException("the script refused: " + reply);
    }

    @Override
    public void close() {
        queue.close();
        redis.close();
    }
}
