package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RedisFault;
import dev.waitingroom.queue.store.RedisUnavailableException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a call where the caller may block. */
final class Blocking {
    private static final Duration MOST = Duration.ofSeconds(1);

    private Blocking() {}

    static <T> T await(CompletionStage<T> stage) throws RedisUnavailableException {
        try {
            return stage.toCompletableFuture().get(MOST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RedisUnavailableException("Redis did not answer within " + MOST.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while waiting for Redis", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            RedisFault fault = cause instanceof QueueRedisException known ? known.fault() : RedisFault.UNREACHABLE;
            throw new RedisUnavailableException(fault, String.valueOf(cause.getMessage()), cause);
        } catch (CancellationException e) {
            throw new RedisUnavailableException("the connection to Redis was closed", e);
        }
    }
}
