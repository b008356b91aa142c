package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.LogKeys;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, opened in the background. When it fails in a way that Lettuce's own reconnect does not notice, another is opened and
 * takes its place: the server became a replica, or it accepts commands and never answers, or a Cluster's primary is gone. Until then the old
 * one is used, since the other nodes of a Cluster still serve. Thread-safe.
 */
final class LettuceConnection {
    private static final Logger LOGGER = LoggerFactory.getLogger(LettuceConnection.class);

    /** Opening a connection ends after this time: each of its steps should end within a second or two. */
    private static final Duration MAX_OPENING = Duration.ofSeconds(15);

    /** A new connection does not count as silent before this time: the nodes of a Cluster are connected to when they are first needed. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    /**
     * An open connection and its commands.
     *
     * @param deposed finds out whether another server has replaced the connected one as the primary; called again after each answer
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

    /** Set from the first failure until an answer. Set at the start too, so that the first answer is logged. */
    private final AtomicBoolean troubled = new AtomicBoolean(true);

    private final AtomicReference<String> lastFailure = new AtomicReference<>("");

    /** Done when the first attempt to connect has ended, well or badly. Earlier calls wait for it, later ones wait for nothing. */
    private final CompletableFuture<Void> attempted = new CompletableFuture<>();

    sealed interface State {}

    record Connecting() implements State {}

    /** @param renewing whether another is being opened */
    record Open(Session session, long sinceNanos, boolean renewing) implements State {
        Open whileRenewing() {
            return new Open(session, sinceNanos, true);
        }

        boolean settled() {
            return System.nanoTime() - sinceNanos > SETTLING.toNanos();
        }
    }

    record Closed() implements State {}

    LettuceConnection(Connector connector) {
        this.connector = connector;
        open();
    }

    /** For logs: no credentials. */
    String target() {
        return connector.target();
    }

    /** Done when the first attempt to connect has ended, well or badly. */
    CompletableFuture<Void> attempted() {
        return attempted;
    }

    /** The connection to use now. Empty while there is none. */
    Optional<Open> current() {
        return state.get() instanceof Open open ? Optional.of(open) : Optional.empty();
    }

    /** Why the last attempt to open a connection failed, in parentheses. Empty if it did not. */
    String lastFailure() {
        return lastFailure.get();
    }

    /** A call was answered. */
    void answered() {
        if (troubled.getPlain() && troubled.compareAndSet(true, false)) {
            lastFailure.set("");
            LOGGER.atInfo().addKeyValue(LogKeys.REDIS, connector.target()).log("Redis answers");
        }
    }

    void close() {
        state.set(new Closed());
        attempted.complete(null);
        connector.shutdown(); // closes the connection too
    }

    /** Opens another connection in place of this one. */
    void renew(Open bad, String why) {
        if (!bad.renewing() && state.compareAndSet(bad, bad.whileRenewing())) {
            if (troubled.compareAndSet(false, true)) { // once, until it answers again
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.REDIS, connector.target())
                        .addKeyValue(LogKeys.DETAIL, why)
                        .log("opening another Redis connection");
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
        if (before instanceof Open old) { // other nodes of a Cluster may still answer on the old one
            connector.later(() -> {
                var _ = old.session().connection().closeAsync();
            });
        }
    }

    /** Watches the session while it is used. A deposed server loses what it still accepts, so nothing more is sent to it. */
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
                    .log("cannot connect to Redis, trying again");
        }
        connector.later(() -> {
            if (!(state.get() instanceof Closed)) {
                open();
            }
        });
    }

    static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) { // Lettuce throws where its queue is full or the connection is closed
            return CompletableFuture.failedFuture(e);
        }
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** The first cause. */
    static Throwable root(Throwable error) {
        Throwable cause = error.getCause();
        return cause == null ? error : root(cause);
    }
}
