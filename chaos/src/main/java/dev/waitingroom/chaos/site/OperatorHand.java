package dev.waitingroom.chaos.site;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.LineFigures;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.store.RoomScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A stand-in for the operator: its calls to Redis for rooms. Thread-safe. */
public final class OperatorHand implements AutoCloseable {
    public static final GatewayId GATEWAY = new GatewayId("shop", "default");

    private final QueueRedis redis;

    public OperatorHand(RedisSettings settings) {
        redis = QueueRedis.connect(settings);
    }

    public QueueRedis redis() {
        return redis;
    }

    public static RoomId room(Policy policy) {
        return new RoomId("shop", policy.eventId());
    }

    /** Writes a policy as the operator does, and retries until that succeeds. */
    public void apply(Policy policy, boolean newRoom) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            applyOnce(policy, newRoom);
            return true;
        });
    }

    /** Tries to write a policy once. */
    public void applyOnce(Policy policy, boolean newRoom) throws RedisUnavailableException {
        redis.roomControl().apply(room(policy), policy, newRoom);
        redis.gatewayControl()
                .register(GATEWAY, new RoomRegistration(policy.eventId(), room(policy), policy.incarnation()));
    }

    /** The epoch of the room's line, 0 for none. Retries until Redis answers. */
    public long epoch(Policy policy) {
        return await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(
                        () -> redis.roomControl()
                                .figures(room(policy))
                                .map(LineFigures::epoch)
                                .orElse(0L),
                        epoch -> true);
    }

    /** The grant stamps that Redis still has, by the line's clock, ms since 1970. Retries until Redis answers. */
    public List<Long> admissions(Policy policy) {
        RoomScripts line = redis.scripts(room(policy));
        return await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> admissions(line), times -> true);
    }

    private static List<Long> admissions(RoomScripts line) throws Exception {
        long[] pages = done(line.grantPages());
        List<Long> times = new ArrayList<>();
        for (int from = 0; from < pages.length; from += RoomScripts.SLICE_PAGES) {
            long[] slice = Arrays.copyOfRange(pages, from, Math.min(pages.length, from + RoomScripts.SLICE_PAGES));
            for (long time : done(line.grants(slice, 0)).grantedMillis()) {
                times.add(time);
            }
        }
        return times;
    }

    private static <T> T done(CompletionStage<Reply<T>> call) throws Exception {
        return switch (call.toCompletableFuture().get(5, TimeUnit.SECONDS)) {
            case Reply.Done<T>(long now, T value) -> value;
            case Reply.StaleEpoch<T> stale -> throw new IllegalStateException("the call names no epoch");
            case Reply.Late<T> late -> throw new IllegalStateException("the call has no deadline");
            case Reply.NoPolicy<T> none -> throw new IllegalStateException("the call needs no policy");
        };
    }

    public void remove(Policy policy) throws RedisUnavailableException {
        redis.gatewayControl()
                .unregister(GATEWAY, new RoomRegistration(policy.eventId(), room(policy), policy.incarnation()));
        redis.roomControl().clear(room(policy));
    }

    @Override
    public void close() {
        redis.close();
    }
}
