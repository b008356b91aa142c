package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.LogKeys;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, opened in the background. Where it went bad in a way that Lettuce's own reconnect does not notice (a server that became
 * a replica, one that accepts commands and never answers, a Cluster whose primary is gone) another is opened, and takes its place when it
 * stands: of a Cluster the other nodes serve meanwhile.
 */
final class LettuceScriptClient implements ScriptClient {
    private static final Logger LOGGER = LoggerFactory.getLogger(LettuceScriptClient.class);

    /** What a Cluster answers while nobody serves a slot, or where another node is asked than the one that does. */
    private static final Pattern NOBODY_SERVES =
            Pattern.compile("(CLUSTERDOWN|MOVED|ASK|TRYAGAIN|MASTERDOWN|LOADING)\\b.*");

    /** A call that Lettuce never ends, however its connection went, ends after this time: each script is sent twice at most. */
    private static final Duration MAX_CALL =
            RoomScripts.CALL_TIMEOUT.multipliedBy(2).plusMillis(100);

    /** The same for opening a connection: each of its steps should end within a second or two. */
    private static final Duration MAX_OPENING = Duration.ofSeconds(15);

    /** So long a new connection is given before it counts as silent: a Cluster's nodes are connected to when they are first needed. */
    private static final Duration SETTLES = Duration.ofSeconds(1);

    /**
     * An open connection and its commands.
     *
     * @param deposed asks whether another server has taken the place of the one that is connected to; asked again once it is answered
     */
    record Session(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            Supplier<CompletionStage<Boolean>> deposed) {}

    /** How to open and end it. */
    interface Connector {
        CompletionStage<Session> open();

        /** Runs it after the reconnect delay. */
        void later(Runnable task);

        void shutdown();

        /** For logs: no credentials. */
        String target();

        /** Whether keys live on different servers. */
        boolean cluster();
    }

    private final Connector connector;
    private final AtomicReference<State> state = new AtomicReference<>(new Connecting());
    private final UnansweredCallCounter silence;

    /** From the first trouble until an answer; at the start too, so that the first answer is logged. */
    private final AtomicBoolean troubled = new AtomicBoolean(true);

    private final AtomicReference<String> lastFailure = new AtomicReference<>("");

    /** Done when the first attempt to connect has ended, well or badly: calls made before wait for that, none later waits for anything. */
    private final CompletableFuture<Void> attempted = new CompletableFuture<>();

    private sealed interface State {}

    private record Connecting() implements State {}

    /** @param renewing whether another is being opened */
    private record Open(Session session, long sinceNanos, boolean renewing) implements State {
        Open whileRenewing() {
            return new Open(session, sinceNanos, true);
        }

        boolean settled() {
            return System.nanoTime() - sinceNanos > SETTLES.toNanos();
        }
    }

    private record Closed() implements State {}

    LettuceScriptClient(Connector connector) {
        this.connector = connector;
        this.silence = new UnansweredCallCounter(connector.cluster());
        open();
    }

    @Override
    public CompletionStage<List<Object>> run(Script script, byte[][] keys, byte[]... arguments) {
        return guarded(script.name(), keys[0], commands -> {
            RedisFuture<List<Object>> first = commands.evalsha(script.sha1(), ScriptOutputType.MULTI, keys, arguments);
            return first.exceptionallyCompose(error -> unwrap(error) instanceof RedisNoScriptException
                    ? commands.<List<Object>>eval(script.source(), ScriptOutputType.MULTI, keys, arguments)
                    : CompletableFuture.failedFuture(error));
        });
    }

    @Override
    public CompletionStage<List<byte[]>> hash(byte[] key) {
        return guarded(
                "HGETALL",
                key,
                commands -> commands.hgetall(key).thenApply(map -> {
                    var flat = new ArrayList<byte[]>(map.size() * 2);
                    map.forEach((field, value) -> {
                        flat.add(field);
                        flat.add(value);
                    });
                    return flat;
                }));
    }

    @Override
    public CompletionStage<Long> delete(byte[]... keys) {
        return guarded("DEL", keys[0], commands -> commands.del(keys));
    }

    @Override
    public void close() {
        state.set(new Closed());
        attempted.complete(null);
        connector.shutdown(); // closes the connection too
    }

    private <T> CompletionStage<T> guarded(
            String call, byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> work) {
        return attempted.isDone()
                ? now(call, key, work)
                : attempted
                        .copy()
                        .completeOnTimeout(null, MAX_CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .thenCompose(done -> now(call, key, work));
    }

    private <T> CompletionStage<T> now(
            String call, byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> work) {
        if (!(state.get() instanceof Open open)) {
            return CompletableFuture.failedFuture(new QueueRedisException(
                    ErrorReplies.whileConnecting(lastFailure.get()),
                    call + ": no connection to " + connector.target() + " " + lastFailure.get(),
                    new IllegalStateException("not connected")));
        }
        return attempt(() -> work.apply(open.session().commands()))
                .toCompletableFuture()
                .orTimeout(MAX_CALL.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, error) -> {
                    if (error == null) {
                        answered(key);
                        return value;
                    }
                    throw judge(call, key, open, unwrap(error));
                });
    }

    private void answered(byte[] key) {
        silence.answered(key);
        if (troubled.getPlain() && troubled.compareAndSet(true, false)) {
            lastFailure.set("");
            LOGGER.atInfo().addKeyValue(LogKeys.REDIS, connector.target()).log("Redis answers");
        }
    }

    private static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) { // Lettuce throws where its queue is full or the connection is closed
            return CompletableFuture.failedFuture(e);
        }
    }

    private QueueRedisException judge(String call, byte[] key, Open open, Throwable error) {
        boolean refused = error instanceof RedisCommandExecutionException
                && !NOBODY_SERVES.matcher(String.valueOf(error.getMessage())).matches();
        if (readOnly(error) && open.settled()) {
            renew(open, "it became a replica");
        } else if (refused) {
            silence.answered(key);
        } else if (silence.breaks(key) && open.settled()) {
            renew(open, "it does not answer");
        }
        return new QueueRedisException(
                refused
                        ? ErrorReplies.fault(String.valueOf(error.getMessage()))
                        : ErrorReplies.whileConnecting(lastFailure.get()),
                call + " on " + connector.target() + ": " + error.getMessage() + (refused ? "" : whyNoOther()),
                error);
    }

    /** Of a lost connection Lettuce says only that it is lost; why no other can be opened says more, such as a password refused. */
    private String whyNoOther() {
        String why = lastFailure.get();
        return why.isEmpty() ? "" : " " + why;
    }

    /** Redis 6 hides the code of what a script met in its text. */
    private static boolean readOnly(Throwable error) {
        return error instanceof RedisReadOnlyException
                || (error instanceof RedisCommandExecutionException
                        && String.valueOf(error.getMessage()).contains("READONLY"));
    }

    private void renew(Open bad, String why) {
        if (!bad.renewing() && state.compareAndSet(bad, bad.whileRenewing())) {
            if (troubled.compareAndSet(false, true)) { // once, until it answers again
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.REDIS, connector.target())
                        .addKeyValue(LogKeys.DETAIL, why)
                        .log("Redis connection given up, opening another");
            }
            open();
        }
    }

    private void open() {
        CompletableFuture<Session> opening = new CompletableFuture<>();
        var _ = attempt(connector::open).whenComplete((session, error) -> {
            if (error != null) {
                opening.completeExceptionally(error);
            } else if (!opening.complete(session)) { // it took too long
                var _ = session.connection().closeAsync();
            }
        });
        var _ = opening.orTimeout(MAX_OPENING.toMillis(), TimeUnit.MILLISECONDS).whenComplete((session, error) -> {
            if (error == null) {
                opened(session);
            } else {
                failed(unwrap(error));
            }
            attempted.complete(null);
        });
    }

    private void opened(Session session) {
        State before =
                state.getAndUpdate(now -> now instanceof Closed ? now : new Open(session, System.nanoTime(), false));
        if (before instanceof Closed) {
            var _ = session.connection().closeAsync();
            return;
        }
        lastFailure.set("");
        watch(session);
        LOGGER.atDebug().addKeyValue(LogKeys.REDIS, connector.target()).log("Redis connected");
        if (before instanceof Open old) { // what other nodes of a Cluster are about to answer is waited for
            connector.later(() -> {
                var _ = old.session().connection().closeAsync();
            });
        }
    }

    /** For as long as the session is used. What a deposed server would still take is lost: nothing more is sent to it. */
    private void watch(Session session) {
        connector.later(() -> {
            if (!(state.get() instanceof Open open) || !open.session().equals(session)) {
                return;
            }
            var _ = attempt(session.deposed()).whenComplete((deposed, error) -> {
                if (error == null && deposed) {
                    leave(session);
                } else {
                    watch(session);
                }
            });
        });
    }

    private void leave(Session session) {
        State before = state.get();
        if (before instanceof Open open && open.session().equals(session)) {
            if (!state.compareAndSet(before, new Connecting())) {
                leave(session); // it is being renewed since
                return;
            }
            troubled.set(true);
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.REDIS, connector.target())
                    .log("another server is the primary now, connecting to it");
            var _ = session.connection().closeAsync();
            if (!open.renewing()) {
                open();
            }
        }
    }

    private void failed(Throwable error) {
        if (state.get() instanceof Closed) {
            return;
        }
        String why = "(" + root(error).getMessage() + ")";
        if (!why.equals(lastFailure.getAndSet(why))) { // once for each reason, not for each attempt
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.REDIS, connector.target())
                    .addKeyValue(LogKeys.DETAIL, why)
                    .log("Redis cannot be connected to, trying again");
        }
        connector.later(() -> {
            if (!(state.get() instanceof Closed)) {
                open();
            }
        });
    }

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** What came first. */
    static Throwable root(Throwable error) {
        Throwable cause = error.getCause();
        return cause == null ? error : root(cause);
    }
}
