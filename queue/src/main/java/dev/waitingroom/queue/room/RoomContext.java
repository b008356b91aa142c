package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the parts of one room share: its thread, the scripts, the clocks, and whether Redis answers. Use it on that thread only, except
 * where a method says otherwise.
 */
final class RoomContext {
    /** After this time an outage is known: calls are refused at once. */
    static final Duration KNOWN_OUTAGE = Duration.ofSeconds(1);

    /**
     * A request that Redis does not answer is given up after this time. So it is answered within the promised second, on a busy machine
     * too.
     */
    static final Duration PATIENCE = Duration.ofMillis(750);

    private static final Logger LOGGER = LoggerFactory.getLogger(RoomContext.class);

    /** How a call to Redis ended. */
    sealed interface Ended<T> {
        record Answered<T>(Reply<T> reply) implements Ended<T> {}

        record Failed<T>(QueueRedisException why) implements Ended<T> {}
    }

    private final RoomId id;
    private final String eventId;
    private final String gateway;
    private final RoomScripts scripts;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;
    private final ServerClock clock;

    private final OutageReporter outages;

    private long epoch;
    private long failingSinceNanos;
    private volatile boolean failing;
    private Unavailability unavailable =
            new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "not asked yet", Duration.ofSeconds(1));
    private volatile long answeredNanos;
    private int peers = 1;

    RoomContext(
            RoomId id,
            String eventId,
            String gateway,
            RoomScripts scripts,
            ScheduledExecutorService executor,
            LongSupplier nanoTime) {
        this.id = id;
        this.eventId = eventId;
        this.gateway = gateway;
        this.scripts = scripts;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.clock = new ServerClock(nanoTime);
        this.outages = new OutageReporter(id, eventId);
        this.answeredNanos = nanoTime.getAsLong() - KNOWN_OUTAGE.toNanos();
    }

    RoomId id() {
        return id;
    }

    String eventId() {
        return eventId;
    }

    RoomScripts scripts() {
        return scripts;
    }

    /** Any thread. */
    ServerClock clock() {
        return clock;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** When Redis last answered a call of this room. Any thread. */
    long answeredNanos() {
        return answeredNanos;
    }

    long epoch() {
        return epoch;
    }

    void epoch(long newEpoch) {
        epoch = newEpoch;
    }

    /** How many gateway processes serve the room, this one included. */
    int peers() {
        return peers;
    }

    void peers(int count) {
        peers = Math.max(1, count);
    }

    /** The time between two batches of a kind. The more gateway processes, the fewer calls each makes. */
    Duration spacing() {
        return Duration.ofNanos(Math.min(2_000_000, peers * 100_000L));
    }

    /** The fence of a call that must take effect {@code within} this time, or never. */
    Call call(Duration within) {
        return new Call(gateway, epoch, clock.micros() + within.toNanos() / 1_000);
    }

    void run(Runnable task) {
        executor.execute(() -> guarded(task));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a task logs its own failure
    void after(Duration delay, Runnable task) {
        executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Handles the end of a call on the room's thread. */
    <T> void follow(CompletionStage<Reply<T>> stage, Consumer<Ended<T>> then) {
        stage.whenComplete((reply, error) -> {
            if (reply != null) {
                clock.heard(reply.nowMicros()); // on arrival, before the room's thread handles it
            }
            run(() -> {
                if (reply != null) {
                    answered();
                    then.accept(new Ended.Answered<>(reply));
                } else {
                    QueueRedisException why = asRedis(error);
                    failed(why);
                    then.accept(new Ended.Failed<>(why));
                }
            });
        });
    }

    /** Whether Redis has failed for so long that requests are refused at once. */
    boolean outageKnown() {
        return failing && nanoTime() - failingSinceNanos > KNOWN_OUTAGE.toNanos();
    }

    boolean failing() {
        return failing;
    }

    /** Whether Redis fails, and has answered nothing for a second. Any thread. */
    boolean away() {
        return failing && nanoTime() - answeredNanos > KNOWN_OUTAGE.toNanos();
    }

    /** Why calls fail. */
    Unavailability unavailable() {
        return unavailable;
    }

    private void answered() {
        answeredNanos = nanoTime();
        failing = false;
        outages.answered(answeredNanos);
    }

    private void failed(QueueRedisException why) {
        unavailable = new Unavailability(
                why.kind() == QueueRedisException.Kind.UNREACHABLE
                        ? Unavailability.Cause.REDIS_UNREACHABLE
                        : Unavailability.Cause.REDIS_REFUSED,
                String.valueOf(why.getMessage()),
                Duration.ofSeconds(2));
        if (!failing) {
            failing = true;
            failingSinceNanos = nanoTime();
        }
        outages.failed(why, nanoTime());
    }

    static QueueRedisException asRedis(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof QueueRedisException redis
                ? redis
                : new QueueRedisException(
                        QueueRedisException.Kind.REFUSED, "unexpected " + cause, cause == null ? error : cause);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue(LogKeys.EVENT_ID, eventId)
                    .addKeyValue(LogKeys.ROOM, id)
                    .setCause(e)
                    .log("a task of the room failed; the room goes on");
        }
    }
}
