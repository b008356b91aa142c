package dev.waitingroom.bench;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PageTemplate;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.queue.store.RoomScripts.Merge;
import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.RoomScripts.Standing;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What each script costs in a real Redis, on a line of some ten thousand visitors. */
final class ScriptCosts {
    private static final RoomId ROOM = new RoomId("shop", "concert");
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");
    private static final String POD = "pod-1";
    private static final long NO_DEADLINE = (1L << 53) - 1;
    private static final int BATCH = RoomScripts.BATCH_TICKETS;
    private static final int VISITOR_HASH_BYTES = 12;
    private static final int MAX_SESSIONS_READ = 2_048;

    /** A tick does nothing within 50 ms of the last one. */
    private static final Duration BETWEEN_TICKS = Duration.ofMillis(60);

    private final List<ScriptCost> costs = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final RedisProcess redis;
    private final QueueRedis queue;
    private final ScriptClock clock;
    private final RoomScripts room;
    private final int calls;
    private long generation;
    private long batch;
    private long epoch;

    private ScriptCosts(RedisProcess redis, QueueRedis queue, int calls) {
        this.redis = redis;
        this.queue = queue;
        this.clock = new ScriptClock(redis);
        this.room = queue.scripts(ROOM);
        this.calls = calls;
    }

    /**
     * Runs each script this often. The first of the costs is that of a call with nothing to do.
     *
     * @param calls at most 100
     */
    static List<ScriptCost> measure(int calls) throws InterruptedException {
        try (RedisProcess redis = RedisProcess.start();
                QueueRedis queue = QueueRedis.connect(RedisSettings.of(redis.url()))) {
            var costs = new ScriptCosts(redis, queue, calls);
            costs.run();
            return List.copyOf(costs.costs);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the scripts could not be measured", e);
        }
    }

    private void run() throws Exception {
        Awaitility.await().ignoreExceptions().until(() -> apply(Mode.QUEUE, true));
        epoch = header().epoch();
        done(room.leave(call(), new long[0])); // loads the script
        cost("line", "nothing", 0, _ -> done(room.leave(call(), new long[0])));
        cost("join", BATCH + " visitors, admitted", BATCH, _ -> enter()); // while nobody waits
        long first = header().next();
        joins();
        reads(first);
        admits(first);
        leavesAndRestores();
        sessions(first);
        losses(first);
        site();
        gateway();
    }

    private void joins() throws Exception {
        cost("join", BATCH + " visitors", BATCH, _ -> join(new JoinEntry(Optional.empty(), false)));
        cost("join", BATCH + " visitors with a key", BATCH, _ -> joinWithKeys());
        cost("policy", "unchanged", 0, _ -> queue.roomControl().apply(ROOM, policy(Mode.QUEUE), false));
        cost("figures", "all", 0, _ -> queue.roomControl().figures(ROOM));
    }

    private void reads(long first) throws Exception {
        long sequence = header().sequence();
        long segment = first / LineLayout.SEGMENT_TICKETS;
        SegmentBits everybody = everybody(segment);
        done(room.beat(call(), header().beatGeneration(), List.of(everybody)));
        cost("snapshot", "no change", 0, _ -> done(room.snapshot(epoch, sequence, OptionalLong.empty())));
        cost("snapshot", "1 segment", 0, _ -> done(room.snapshot(0, 0, OptionalLong.of(segment))));
        long beats = header().beatGeneration();
        cost("beat", "1 segment", 0, _ -> done(room.beat(call(), beats, List.of(everybody))));
        cost("presence", "1 segment", 0, _ -> done(room.presence(new long[] {segment})));
    }

    private void admits(long first) throws Exception {
        apply(Mode.HOLD, false);
        long[] refused = tickets(first);
        cost("admit", BATCH + " tickets, refused", BATCH, _ -> admit(refused, AdmitAnswer.NotYet.class));
        apply(Mode.QUEUE, false);
        cost("tick", "nothing new", 0, _ -> tick());
        cost(
                "admit",
                BATCH + " tickets, granted",
                BATCH,
                i -> admit(tickets(first + (long) i * BATCH), AdmitAnswer.Granted.class));
        long ticket = 1;
        cost("move", "1 place", 0, _ -> done(room.move(ticket, Long.MAX_VALUE >> 10, 0, NO_DEADLINE)));
        cost("devices", "1 place", 0, _ -> done(room.devices(0)));
        cost("grants", "list of pages", 0, _ -> done(room.grantPages()));
        long[] page = {done(room.grantPages())[0]};
        cost("grants", "1 page", 0, _ -> done(room.grants(page, 0)));
    }

    private void leavesAndRestores() throws Exception {
        long next = header().next();
        long[] waiting = tickets(next - BATCH);
        cost("restore", BATCH + " tickets that wait", BATCH, _ -> done(room.restore(call(), waiting)));
        cost("leave", BATCH + " tickets", BATCH, i -> done(room.leave(call(), tickets(next - (i + 1L) * BATCH))));
    }

    /** In a room with maxActive. The room has it since now, so that Redis takes sessions of any ticket. */
    private void sessions(long first) throws Exception {
        generation++;
        Policy capped = policy(Mode.QUEUE).withCap(Optional.of(new SessionCap(SessionCap.MAX, Duration.ofDays(1))));
        queue.roomControl().apply(ROOM, capped, false);
        long[] none = {};
        cost(
                "sessions",
                BATCH + " sessions, renewed",
                BATCH,
                i -> done(room.sessions(call(), tickets(first + (long) i * BATCH), none)));
        int active = Math.min(calls * BATCH, MAX_SESSIONS_READ);
        cost("active-sessions", active + " sessions", active, _ -> done(room.activeSessions(0)));
        cost(
                "sessions",
                BATCH + " sessions, ended",
                BATCH,
                i -> done(room.sessions(call(), none, tickets(first + (long) i * BATCH))));
        apply(Mode.QUEUE, false);
    }

    private void losses(long first) throws Exception {
        double keys = Double.parseDouble(String.valueOf(redis.command("DBSIZE")));
        double micros = clock.sum(() -> queue.roomControl().clear(ROOM));
        costs.add(new ScriptCost("clear", "%.0f keys, in all calls".formatted(keys), micros, keys));
        queue.roomControl().apply(ROOM, policy(Mode.QUEUE), false, epoch);
        epoch = header().epoch();
        long segment = first / LineLayout.SEGMENT_TICKETS;
        var copy = new Merge(
                call(),
                first + (long) calls * BATCH,
                List.of(),
                first,
                List.of(everybody(segment)),
                new long[0],
                new long[0],
                new long[0],
                new long[0],
                new long[0],
                false,
                false,
                1);
        cost("restore", BATCH + " tickets, put back", BATCH, i -> putBack(tickets(first + (long) i * BATCH)));
        cost("merge", "1 segment", 0, _ -> done(room.merge(copy)));
    }

    private void site() throws Exception {
        cost("site", "no settings", 0, _ -> done(room.site()));
        String template = "{{> head}}{{> room}}{{> script}}";
        int padding = PageTemplate.MAX_BYTES - template.length();
        PageSettings page = new PageSettings(
                "",
                "",
                PageColours.DEFAULT,
                Optional.empty(),
                Optional.of(new PageTemplate(template + " ".repeat(padding))));
        SiteSettings largest = new SiteSettings(
                Optional.empty(), SiteSettings.DEFAULT.admitUnavailable(), SiteSettings.DEFAULT.session(), page);
        generation++;
        queue.roomControl().apply(ROOM, policy(Mode.QUEUE), Optional.of(SiteText.of(largest)), false, epoch);
        cost("site", "1 MiB of settings", 1_024, _ -> done(room.site()));
    }

    private void gateway() throws Exception {
        GatewayScripts pods = queue.gateway(GATEWAY);
        var entry = new RoomRegistration("concert", ROOM, 1);
        cost("gateway-register", "1 room", 0, _ -> queue.gatewayControl().register(GATEWAY, entry));
        var report = new GatewayScripts.Report(POD, "1", 1, 0.1, 0, 0, Map.of("concert", 1L));
        cost("gateway-report", "1 pod", 0, _ -> join(pods.report(report)));
        cost("gateway-reports", "1 pod", 0, _ -> queue.gatewayControl().reports(GATEWAY));
        cost("check", "all commands", 0, _ -> join(pods.check()));
        cost("gateway-unregister", "1 room", 0, _ -> queue.gatewayControl().unregister(GATEWAY, entry));
    }

    private void cost(String script, String work, int units, ScriptClock.Call call) throws Exception {
        costs.add(new ScriptCost(script, work, clock.median(calls, call), units));
    }

    private void join(JoinEntry entry) {
        done(room.join(new JoinBatch(call(), ++batch, 0, Collections.nCopies(BATCH, entry))));
    }

    private void enter() {
        JoinEntry entry = new JoinEntry(Optional.empty(), true);
        List<JoinAnswer> answers =
                done(room.join(new JoinBatch(call(), ++batch, 0, Collections.nCopies(BATCH, entry))));
        if (!answers.stream().allMatch(JoinAnswer.Admitted.class::isInstance)) {
            throw new IllegalStateException("not admitted: " + answers.getLast());
        }
    }

    private void joinWithKeys() {
        List<JoinEntry> entries = Stream.generate(() -> {
                    byte[] hash = new byte[VISITOR_HASH_BYTES];
                    random.nextBytes(hash);
                    return new JoinEntry(Optional.of(hash), false);
                })
                .limit(BATCH)
                .toList();
        done(room.join(new JoinBatch(call(), ++batch, 0, entries)));
    }

    private void admit(long[] tickets, Class<? extends AdmitAnswer> expected) {
        List<AdmitAnswer> answers = done(room.admit(call(), tickets)).answers();
        if (!answers.stream().allMatch(expected::isInstance)) {
            throw new IllegalStateException("expected " + expected.getSimpleName() + ", not " + answers.getFirst());
        }
    }

    private void putBack(long[] tickets) {
        List<Standing> standings = done(room.restore(call(), tickets));
        if (!standings.stream().allMatch(Standing.Waits.class::isInstance)) {
            throw new IllegalStateException("not put back: " + standings.getFirst());
        }
    }

    private void tick() throws InterruptedException {
        Thread.sleep(BETWEEN_TICKS);
        done(room.tick(call(), new Present(0, 0, 0, new long[0])));
    }

    private boolean apply(Mode mode, boolean newRoom) throws RedisUnavailableException {
        generation++;
        queue.roomControl().apply(ROOM, policy(mode), newRoom);
        return true;
    }

    /** So many tokens that each tick calls everyone. */
    private Policy policy(Mode mode) {
        return new Policy(
                "concert",
                1,
                generation,
                mode,
                1_000_000,
                Duration.ofSeconds(1),
                10_000_000,
                Duration.ofDays(1),
                Duration.ofDays(1),
                OptionalLong.empty(),
                Duration.ofDays(1),
                "");
    }

    private Header header() {
        return done(room.snapshot(0, 0, OptionalLong.empty())).header();
    }

    private Call call() {
        return new Call(POD, epoch, NO_DEADLINE);
    }

    private static long[] tickets(long from) {
        return LongStream.range(from, from + BATCH).toArray();
    }

    private static SegmentBits everybody(long segment) {
        byte[] bits = new byte[LineLayout.SEGMENT_BYTES];
        Arrays.fill(bits, (byte) 0xff);
        return new SegmentBits(segment, bits);
    }

    private static <T> T done(CompletionStage<Reply<T>> stage) {
        Reply<T> reply = join(stage);
        if (reply instanceof Reply.Done<T> done) {
            return done.value();
        }
        throw new IllegalStateException("the script refused: " + reply);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
