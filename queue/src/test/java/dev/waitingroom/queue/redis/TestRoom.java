package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomControl;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.AdmitReply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.queue.store.RoomScripts.TickReply;
import dev.waitingroom.queue.store.SnapshotReply;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A room in a real Redis whose clock and history id are keys that the test sets: the real scripts, but for their parts {@code clock}
 * and {@code history}. Calls block.
 */
public final class TestRoom implements AutoCloseable {
    public static final RoomId ID = new RoomId("shop", "concert");
    static final String GATEWAY = "gateway-1";
    static final Duration RESERVATION = Duration.ofSeconds(120);
    /** 2026-11-24 12:00:00 UTC, in µs. */
    public static final long NOON = 1_795_521_600_000_000L;

    private static final Scripts SCRIPTS = new Scripts(Map.of("clock", """
            local function server_micros()
              return tonumber(redis.call('GET', 'test:clock'))
            end
            """, "history", """
            local function server_history()
              return redis.call('GET', 'test:history')
            end
            """));

    private final RedisProcess redis;
    private final ScriptClient link;
    private final RoomScripts scripts;
    private final RoomControl control;
    private long clock = NOON;
    private String history = "h1";
    private long batch;
    private long epoch;

    private TestRoom(RedisProcess redis) {
        this.redis = redis;
        this.link = new LettuceScriptClient(LettuceClientFactory.of(RedisSettings.of(redis.url())));
        this.scripts = new RedisRoomCommands(link, SCRIPTS, ID);
        this.control = new RedisRoomControl(link, SCRIPTS);
        putTestKeys();
    }

    public static TestRoom on(RedisProcess redis) {
        var room = new TestRoom(redis);
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> room.control.figures(ID).isEmpty());
        return room;
    }

    static Policy policy(int rate, int burst) {
        return policy(rate, burst, Mode.QUEUE, 1);
    }

    static Policy policy(int rate, int burst, Mode mode, long generation) {
        return new Policy(
                "evt",
                1,
                generation,
                mode,
                rate,
                Duration.ofSeconds(1),
                burst,
                Duration.ofSeconds(300),
                Duration.ofSeconds(900),
                OptionalLong.empty(),
                RESERVATION,
                "");
    }

    static Map<String, String> fields(Policy policy) {
        return PolicyCodec.encode(policy);
    }

    public RoomScripts scripts() {
        return scripts;
    }

    RoomControl control() {
        return control;
    }

    RedisProcess redis() {
        return redis;
    }

    /** µs. */
    public long clock() {
        return clock;
    }

    public void setClock(long micros) {
        clock = micros;
        putTestKeys();
    }

    void advance(Duration time) {
        setClock(clock + time.toNanos() / 1_000);
    }

    public void setHistory(String id) {
        history = id;
        putTestKeys();
    }

    /** Loses everything; the test's own keys stay. */
    public void flush() {
        redis.command("FLUSHDB");
        putTestKeys();
    }

    /** Keeps everything that Redis holds in another of its databases. */
    void keepAs(String database) {
        redis.command("EVAL", """
                redis.call('SELECT', ARGV[1])
                redis.call('FLUSHDB')
                redis.call('SELECT', 0)
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  redis.call('COPY', key, key, 'DB', ARGV[1], 'REPLACE')
                end
                """, "0", database);
    }

    /** Redis holds what was kept; the test's own keys stay. */
    void becomes(String database) {
        redis.command("EVAL", """
                redis.call('FLUSHDB')
                redis.call('SELECT', ARGV[1])
                for _, key in ipairs(redis.call('KEYS', '*')) do
                  redis.call('COPY', key, key, 'DB', 0)
                end
                """, "0", database);
        putTestKeys();
    }

    /** Applies a policy and learns the epoch. */
    public RoomControl.Applied apply(Policy policy, boolean newRoom) {
        return apply(policy, newRoom, 0);
    }

    /** The same as an operator that knows this epoch. */
    RoomControl.Applied apply(Policy policy, boolean newRoom, long knownEpoch) {
        try {
            var applied = control.apply(ID, policy, newRoom, knownEpoch);
            learnEpoch();
            return applied;
        } catch (RedisUnavailableException e) {
            throw new IllegalStateException(e);
        }
    }

    void learnEpoch() {
        epoch = snapshot(0, 0).header().epoch();
    }

    long epoch() {
        return epoch;
    }

    /** A call in the epoch that was learned, with half a second. */
    Call call() {
        return new Call(GATEWAY, epoch, clock + 500_000);
    }

    /** Merges the copy of a gateway that knows nothing which Redis does not. */
    void mergeNothing(String gateway, int gateways) {
        mergeSessions(gateway, new long[0], false, gateways);
    }

    /**
     * Merges the copy of a gateway that knows active sessions, and nothing else.
     *
     * @param sessions when each runs out (ms), and its ticket
     */
    void mergeSessions(String gateway, long[] sessions, boolean all, int gateways) {
        long[] none = {};
        done(scripts.merge(new RoomScripts.Merge(
                new Call(gateway, epoch, clock + 500_000),
                0,
                List.of(),
                0,
                List.of(),
                none,
                none,
                none,
                none,
                sessions,
                all,
                true,
                gateways)));
    }

    long nextBatch() {
        return ++batch;
    }

    List<JoinAnswer> join(int count) {
        return done(scripts.join(new JoinBatch(
                call(), nextBatch(), 0, Collections.nCopies(count, new JoinEntry(Optional.empty(), false)))));
    }

    /** Joins, and gives the tickets. */
    long[] tickets(int count) {
        var tickets = new ArrayList<Long>();
        for (int left = count; left > 0; left -= RoomScripts.BATCH_TICKETS) {
            for (JoinAnswer answer : join(Math.min(left, RoomScripts.BATCH_TICKETS))) {
                if (answer instanceof JoinAnswer.Issued issued) {
                    tickets.add(issued.ticket());
                }
            }
        }
        return tickets.stream().mapToLong(Long::longValue).toArray();
    }

    AdmitReply admit(long... tickets) {
        return done(scripts.admit(call(), tickets));
    }

    TickReply tick() {
        return done(scripts.tick(call(), RoomScripts.Present.NOBODY));
    }

    /** Ticks ten times a second until so much time is over. */
    void run(Duration time) {
        long end = clock + time.toNanos() / 1_000;
        while (clock < end) {
            setClock(Math.min(end, clock + 100_000));
            tick();
        }
    }

    SnapshotReply snapshot(long copyEpoch, long sequence) {
        return done(scripts.snapshot(copyEpoch, sequence, OptionalLong.empty()));
    }

    /** Who waits, as a full load tells. */
    SortedSet<Long> alive() {
        var alive = new TreeSet<Long>();
        OptionalLong from = OptionalLong.empty();
        long copyEpoch = 0;
        long sequence = 0;
        while (true) {
            SnapshotReply slice = done(scripts.snapshot(copyEpoch, sequence, from));
            copyEpoch = slice.header().epoch();
            sequence = slice.sequence();
            for (var segment : slice.segments()) {
                alive.addAll(tickets(segment));
            }
            if (slice.complete()) {
                return alive;
            }
            from = OptionalLong.of(slice.segments().getLast().segment() + 1);
        }
    }

    /** Who was admitted within this time, and when (ms), as a gateway without a copy reads it. */
    SortedMap<Long, Long> grants(Duration reservation) {
        var grants = new TreeMap<Long, Long>();
        long[] pages = done(scripts.grantPages());
        for (int from = 0; from < pages.length; from += RoomScripts.SLICE_PAGES) {
            long[] slice = Arrays.copyOfRange(pages, from, Math.min(pages.length, from + RoomScripts.SLICE_PAGES));
            var granted = done(scripts.grants(slice, clock / 1_000 - reservation.toMillis()));
            for (int i = 0; i < granted.tickets().length; i++) {
                grants.put(granted.tickets()[i], granted.grantedMillis()[i]);
            }
        }
        return grants;
    }

    /** Whose session is active, and when it runs out (ms), as a gateway without a copy reads it. */
    SortedMap<Long, Long> sessions() {
        var sessions = new TreeMap<Long, Long>();
        long from = 0;
        while (true) {
            var slice = done(scripts.activeSessions(from));
            sessions.putAll(slice.sessions());
            if (!slice.more()) {
                return sessions;
            }
            from = Collections.max(slice.sessions().values());
        }
    }

    /** The tickets whose bits are set. */
    static List<Long> tickets(RoomScripts.SegmentBits segment) {
        var tickets = new ArrayList<Long>();
        for (int i = 0; i < segment.bits().length * 8; i++) {
            if ((segment.bits()[i / 8] >> (7 - i % 8) & 1) == 1) {
                tickets.add(segment.segment() * LineLayout.SEGMENT_TICKETS + i);
            }
        }
        return tickets;
    }

    /** The line's, so that a snapshot from there has nothing to tell but the header. */
    long lastSequence() {
        return Long.parseLong(String.valueOf(redis.command("HGET", "wr:{" + ID + "}:state", "sequence")));
    }

    static <T> T done(CompletionStage<Reply<T>> stage) {
        return switch (reply(stage)) {
            case Reply.Done<T> done -> done.value();
            case Reply<T> other -> throw new IllegalStateException("not done: " + other);
        };
    }

    static <T> Reply<T> reply(CompletionStage<Reply<T>> stage) {
        try {
            return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void putTestKeys() {
        redis.command("MSET", "test:clock", Long.toString(clock), "test:history", history);
    }

    @Override
    public void close() {
        link.close();
    }
}
