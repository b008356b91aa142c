package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RoomScripts;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Runs scripts on a {@link LettuceConnection}, and judges by their errors whether another connection is needed. */
final class LettuceScriptClient implements ScriptClient {
    /** The answers of a Cluster while no node serves a slot, or if another node serves it. */
    private static final Pattern NOBODY_SERVES =
            Pattern.compile("(CLUSTERDOWN|MOVED|ASK|TRYAGAIN|MASTERDOWN|LOADING)\\b.*");

    /** Ends a call that Lettuce itself never ends. Each script is sent twice at most. */
    private static final Duration MAX_CALL =
            RoomScripts.CALL_TIMEOUT.multipliedBy(2).plusMillis(100);

    private final LettuceConnection connection;
    private final UnansweredCallCounter silence;

    LettuceScriptClient(LettuceConnection.Connector connector) {
        this.connection = new LettuceConnection(connector);
        this.silence = new UnansweredCallCounter(connector.cluster());
    }

    @Override
    public CompletionStage<List<Object>> run(Script script, byte[][] keys, byte[]... arguments) {
        return guarded(script.name(), keys[0], commands -> {
            RedisFuture<List<Object>> first = commands.evalsha(script.sha1(), ScriptOutputType.MULTI, keys, arguments);
            return first.exceptionallyCompose(error -> LettuceConnection.unwrap(error) instanceof RedisNoScriptException
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
        connection.close();
    }

    private <T> CompletionStage<T> guarded(
            String call, byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> work) {
        return connection.attempted().isDone()
                ? now(call, key, work)
                : connection
                        .attempted()
                        .copy()
                        .completeOnTimeout(null, MAX_CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .thenCompose(done -> now(call, key, work));
    }

    private <T> CompletionStage<T> now(
            String call, byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> work) {
        Optional<LettuceConnection.Open> current = connection.current();
        if (current.isEmpty()) {
            return CompletableFuture.failedFuture(new QueueRedisException(
                    ErrorReplies.whileConnecting(connection.lastFailure()),
                    call + ": no connection to " + connection.target() + " " + connection.lastFailure(),
                    new IllegalStateException("not connected")));
        }
        LettuceConnection.Open open = current.get();
        return LettuceConnection.attempt(() -> work.apply(open.session().commands()))
                .toCompletableFuture()
                .orTimeout(MAX_CALL.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, error) -> {
                    if (error == null) {
                        answered(key);
                        return value;
                    }
                    throw judge(call, key, open, LettuceConnection.unwrap(error));
                });
    }

    private void answered(byte[] key) {
        silence.answered(key);
        connection.answered();
    }

    private QueueRedisException judge(String call, byte[] key, LettuceConnection.Open open, Throwable error) {
        boolean refused = error instanceof RedisCommandExecutionException
                && !NOBODY_SERVES.matcher(String.valueOf(error.getMessage())).matches();
        if (readOnly(error) && open.settled()) {
            connection.renew(open, "it became a replica");
        } else if (refused) {
            silence.answered(key);
        } else if (silence.breaks(key) && open.settled()) {
            connection.renew(open, "it does not answer");
        }
        return new QueueRedisException(
                refused
                        ? ErrorReplies.fault(String.valueOf(error.getMessage()))
                        : ErrorReplies.whileConnecting(connection.lastFailure()),
                call + " on " + connection.target() + ": " + error.getMessage() + (refused ? "" : whyNoOther()),
                error);
    }

    /** Why no other connection can be opened, such as a refused password. Of a lost connection, Lettuce says only that it is lost. */
    private String whyNoOther() {
        String why = connection.lastFailure();
        return why.isEmpty() ? "" : " " + why;
    }

    /** Redis 6 puts the error code of a command in a script into the text. */
    private static boolean readOnly(Throwable error) {
        return error instanceof RedisReadOnlyException
                || (error instanceof RedisCommandExecutionException
                        && String.valueOf(error.getMessage()).contains("READONLY"));
    }
}
