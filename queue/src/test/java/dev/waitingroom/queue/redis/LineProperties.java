package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinBatch;
import dev.waitingroom.queue.store.RoomScripts.JoinEntry;
import dev.waitingroom.queue.store.RoomScripts.Merge;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random histories, played on the real scripts and on {@link LineModel}: every answer, every figure and everyone who waits agree. */
class LineProperties {
    private static final RedisProcess REDIS = RedisProcess.start();
    private static final TestRoom ROOM = TestRoom.on(REDIS);

    @AfterContainer
    static void stop() {
        ROOM.close();
        REDIS.close();
    }

    /** What may happen. Tickets are named by their index among all that were ever handed out. */
    sealed interface Step {
        record Join(List<LineModel.Joiner> joiners) implements Step {}

        /** The last batch, sent again. */
        record JoinAgain() implements Step {}

        /** A batch that arrives after its deadline. */
        record JoinLate() implements Step {}

        record Admit(List<Integer> tickets) implements Step {}

        /** As a gateway would: those whose turn has come, so many. */
        record AdmitCalled(int most) implements Step {}

        record Leave(List<Integer> tickets) implements Step {}

        /** Everyone who waits or is asleep. */
        record LeaveAll() implements Step {}

        record Restore(List<Integer> tickets) implements Step {}

        /** Some sessions are used, some end. */
        record Sessions(List<Integer> used, List<Integer> ended) implements Step {}

        record Beat(int generationsAgo, List<Integer> tickets) implements Step {}

        /** Everyone polls but each {@code absent}-th ticket. */
        record BeatMost(int absent) implements Step {}

        record Wait(int millis) implements Step {}

        record Run(int seconds) implements Step {}

        /** Some of the called come; the bucket may keep the last of them out. */
        record Come(int most, boolean keptOut) implements Step {}

        record Change(Mode mode, int rate, int period, int burst, int ttl, int turnTtl, int maxLength, int maxActive)
                implements Step {}

        /** @param merged whether its gateway knew all of an earlier epoch */
        record TakeCopy(boolean merged) implements Step {}

        record NewHistory() implements Step {}

        record LoseAll() implements Step {}

        /**
         * One key is gone, of the segment, page or visitor of a ticket, and the next call finds it.
         *
         * @param putBack whether a gateway then puts back what it knows
         */
        record LoseKey(Key key, int ticket, Finder finder, boolean putBack) implements Step {}

        /** The server's data is kept: a snapshot of its disk, or another server that is left for a while. */
        record Keep() implements Step {}

        /** The data is what it was when it was kept; `who` is the first to come. */
        record Return(Who who) implements Step {}

        enum Who {
            /** Knows the later epoch. */
            GATEWAY,
            /** Knows the later epoch. */
            OPERATOR,
            /** An operator without a memory, and gateways without a copy: tickets alone tell. */
            NOBODY
        }

        /**
         * Merges one of the copies taken, with some more tickets that its gateway was told of since.
         *
         * @param gateways that this one knew of
         */
        record MergeCopy(int gateway, int gateways, int copy, List<Integer> acknowledged, List<Integer> departed)
                implements Step {}
    }

    /** The kinds of keys that a room has beside its policy. */
    enum Key {
        STATE,
        CHANGES,
        TURNS,
        GATEWAYS,
        PAGES,
        ALIVE,
        ASLEEP,
        CAME,
        DEPARTED,
        SEEN,
        GRANTED,
        WHO,
        BATCH,
        ACTIVE
    }

    /** What is called first after a key is gone. */
    enum Finder {
        ADMIT,
        LEAVE,
        RESTORE,
        BEAT,
        MERGE,
        TICK
    }

    /** The same histories each time. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, seed = "1")
    void theScriptsDoAsTheModel(@ForAll("histories") List<Step> history, @ForAll("distances") int beforeBorder) {
        play(history, beforeBorder);
    }

    /** Others each time, for `make fuzz`. A history that fails may be one of a thousand: the report names its seed. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    @Tag("fuzz")
    void theScriptsDoAsTheModelInOtherHistories(
            @ForAll("histories") List<Step> history, @ForAll("distances") int beforeBorder) {
        play(history, beforeBorder);
    }

    private static void play(List<Step> history, int beforeBorder) {
        long number = (1_795_521_600L << 20) / LineLayout.SEGMENT_TICKETS * LineLayout.SEGMENT_TICKETS - beforeBorder;
        long start = (number >> 20) * 1_000_000 + (((number & 0xfffff) * 1_000_000) >> 20) + 1;
        REDIS.flush();
        ROOM.setClock(start);
        ROOM.setHistory("h1");
        new Play(start).play(history);
    }

    private static final class Play {
        private static final String KEPT = "1";
        private static final Duration RESERVATION = Duration.ofSeconds(15);
        private static final int PAGE_TICKETS = 1_016;
        private static final Policy FIRST = new Policy(
                "evt",
                1,
                1,
                Mode.QUEUE,
                10,
                Duration.ofSeconds(1),
                20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                OptionalLong.empty(),
                RESERVATION,
                "");

        private final LineModel model = new LineModel();
        private LineModel kept = new LineModel();
        private final List<Long> tickets = new ArrayList<>();
        private final List<LineModel.Copy> copies = new ArrayList<>();
        private final List<String> histories = new ArrayList<>(List.of("h1"));
        private Policy policy = FIRST;
        private Follower follower = new Follower();
        private Optional<JoinBatch> last = Optional.empty();
        private List<JoinAnswer> lastAnswers = List.of();

        Play(long start) {
            model.now = start;
        }

        void play(List<Step> history) {
            ROOM.apply(policy, true);
            model.apply(policy, true);
            perform(new Step.Keep());
            compare("at the start");
            for (Step step : history) {
                ROOM.learnEpoch();
                perform(step);
                compare(step);
            }
        }

        private void perform(Step step) {
            switch (step) {
                case Step.Join(var joiners) -> {
                    var batch = new JoinBatch(
                            ROOM.call(),
                            ROOM.nextBatch(),
                            0,
                            joiners.stream().map(Play::entry).toList());
                    lastAnswers = TestRoom.done(ROOM.scripts().join(batch));
                    last = Optional.of(batch);
                    assertThat(lastAnswers).isEqualTo(model.join(joiners, 0));
                    for (JoinAnswer answer : lastAnswers) {
                        switch (answer) {
                            case JoinAnswer.Issued issued -> noteTicket(issued.ticket());
                            case JoinAnswer.Admitted admitted -> noteTicket(admitted.ticket());
                            case JoinAnswer.Full full -> {}
                            case JoinAnswer.Rejected rejected -> {}
                        }
                    }
                }
                case Step.JoinAgain() ->
                    last.ifPresent(batch -> assertThat(TestRoom.done(ROOM.scripts()
                                    .join(new JoinBatch(
                                            ROOM.call(), batch.number(), batch.highestSeen(), batch.entries()))))
                            .isEqualTo(lastAnswers));
                case Step.JoinLate() -> {
                    var call = new RoomScripts.Call(TestRoom.GATEWAY, ROOM.epoch(), ROOM.clock() - 1);
                    var late = new JoinBatch(
                            call, ROOM.nextBatch(), 0, List.of(entry(new LineModel.Joiner(Optional.empty(), true))));
                    assertThat(TestRoom.reply(ROOM.scripts().join(late))).isInstanceOf(Reply.Late.class);
                }
                case Step.Admit(var which) -> admit(named(which));
                case Step.AdmitCalled(int most) -> admit(called(most));
                case Step.Leave(var which) ->
                    assertThat(unlessStale(TestRoom.reply(ROOM.scripts().leave(ROOM.call(), named(which)))))
                            .usingRecursiveComparison()
                            .isEqualTo(model.leave(named(which)).map(Play::array));
                case Step.LeaveAll() -> {
                    long[] all = model.waiting();
                    for (int from = 0; from < all.length; from += RoomScripts.BATCH_TICKETS) {
                        long[] some =
                                Arrays.copyOfRange(all, from, Math.min(all.length, from + RoomScripts.BATCH_TICKETS));
                        TestRoom.done(ROOM.scripts().leave(ROOM.call(), some));
                        model.leave(some);
                    }
                }
                case Step.Restore(var which) ->
                    assertThat(unlessStale(TestRoom.reply(ROOM.scripts().restore(ROOM.call(), named(which)))))
                            .isEqualTo(model.restore(named(which)));
                case Step.Sessions(var used, var ended) -> {
                    long[] ends = TestRoom.done(ROOM.scripts().sessions(ROOM.call(), named(used), named(ended)));
                    assertThat(ends).isEqualTo(model.sessions(named(used), named(ended)));
                }
                case Step.Beat(int ago, var which) ->
                    beat(
                            model.generation() - ago,
                            new TreeSet<>(Arrays.stream(named(which)).boxed().toList()));
                case Step.BeatMost(int absent) -> {
                    var polled = new TreeSet<Long>();
                    for (int i = 0; i < tickets.size(); i++) {
                        if (i % absent != 0) {
                            polled.add(tickets.get(i));
                        }
                    }
                    beat(model.generation(), polled);
                }
                case Step.Wait(int millis) -> advance(millis);
                case Step.Run(int seconds) -> {
                    for (int i = 0; i < seconds * 4; i++) {
                        advance(250);
                        ROOM.learnEpoch();
                        tick(2, 0, new long[0]);
                    }
                }
                case Step.Come(int most, boolean keptOut) -> {
                    advance(100);
                    ROOM.learnEpoch();
                    long[] came = called(most);
                    tick(most, keptOut && came.length > 0 ? came[came.length - 1] : 0, came);
                }
                case Step.Change change -> apply(change);
                case Step.TakeCopy(boolean merged) -> copies.add(model.copy(merged));
                case Step.NewHistory() -> {
                    histories.add("h" + (histories.size() + 1));
                    ROOM.setHistory(histories.getLast());
                    model.serverHistory = histories.getLast();
                    ROOM.apply(policy, false);
                    model.apply(policy, false);
                    forgetSweptVisitors();
                }
                case Step.LoseKey lose -> lose(lose);
                case Step.LoseAll() -> {
                    ROOM.flush();
                    model.lose();
                    last = Optional.empty();
                    long known = ROOM.epoch(); // the follower knows it too
                    ROOM.apply(policy, false, known);
                    model.apply(policy, false, known);
                }
                case Step.Keep() -> {
                    ROOM.keepAs(KEPT);
                    kept = new LineModel(model);
                }
                case Step.Return(Step.Who who) -> goBack(who);
                case Step.MergeCopy(int gateway, int gateways, int which, var acknowledged, var departed) -> {
                    if (!copies.isEmpty()) {
                        forgetSweptVisitors(); // the copy may put their admissions back, but not their keys
                        merge(
                                TestRoom.GATEWAY + gateway,
                                gateways,
                                copies.get(which % copies.size()),
                                named(acknowledged),
                                named(departed));
                    }
                }
            }
        }

        private void noteTicket(long ticket) {
            if (!tickets.contains(ticket)) {
                tickets.add(ticket);
            }
        }

        private void lose(Step.LoseKey lose) {
            long ticket = named(List.of(lose.ticket))[0];
            long segment = ticket / LineLayout.SEGMENT_TICKETS;
            if (ticket >= model.header().next()) {
                return; // issued by a newer line: no key here is its own
            }
            if (lose.key == Key.STATE) {
                advance(3_000); // numbers follow the clock: the new ones are behind the old ones
            }
            SortedSet<Long> waited = new TreeSet<>(model.alive());
            LineModel.Copy copy = model.copy(true);
            switch (lose.key) {
                case STATE -> {
                    delete("state");
                    model.loseState();
                    ROOM.apply(policy, false);
                    model.apply(policy, false);
                }
                case CHANGES -> delete("changes");
                case TURNS -> {
                    delete("turns");
                    model.loseTurns();
                }
                case GATEWAYS -> delete("gateways");
                case PAGES -> {
                    if (delete("pages") && Double.parseDouble(state("pages_until")) > needed()) {
                        find(Finder.TICK, ticket);
                        model.losePages();
                        ROOM.learnEpoch();
                    }
                    merge(TestRoom.GATEWAY, 1, copy, new long[0], new long[0]);
                }
                case ALIVE -> {
                    if (deleteOf("alive:", segment)) {
                        find(lose.finder, ticket);
                        model.loseAlive(segment);
                    }
                }
                case ASLEEP -> {
                    if (deleteOf("asleep:", segment)) {
                        find(lose.finder, ticket);
                        model.loseAsleep(segment);
                    }
                }
                case DEPARTED -> {
                    if (model.lossEndsWithin(100_001)) {
                        return; // before the next tick could find it
                    }
                    if (deleteOf("departed:", segment)) {
                        if (model.lossIsOpen()) {
                            find(lose.finder, ticket);
                        }
                        model.loseDeparted(segment);
                    }
                }
                case CAME -> {
                    delete("came:" + segment);
                    model.loseCame(segment);
                }
                case SEEN -> {
                    long generation = model.generation() - lose.ticket % 3;
                    if (delete("seen:" + generation + ":" + segment)) {
                        model.loseSeen(generation, segment);
                    }
                }
                case GRANTED -> loseGranted(lose.ticket, lose.finder);
                case WHO -> {
                    int visitor = lose.ticket % 6;
                    delete("who:" + visitor * 257);
                    model.loseVisitors(other -> other == visitor);
                }
                case ACTIVE -> {
                    if (delete("active")) {
                        find(Finder.TICK, ticket);
                        model.loseActive();
                        ROOM.learnEpoch();
                    }
                }
                case BATCH -> {
                    delete("batch:" + TestRoom.GATEWAY);
                    last = Optional.empty();
                }
            }
            forgetSweptVisitors();
            if (lose.putBack && copy.next() <= model.base()) {
                ROOM.learnEpoch();
                merge(TestRoom.GATEWAY, 1, copy, new long[0], new long[0]);
                waited.removeAll(copy.granted().keySet()); // a copy from before the admission had put them back
                assertThat(model.alive()).as("who waits, put back").isEqualTo(waited);
                Map<Long, Long> grants = new TreeMap<>(copy.granted());
                grants.values().removeIf(at -> model.now / 1_000 - at > RESERVATION.toMillis());
                assertThat(model.grants()).as("who was granted, put back").isEqualTo(grants);
            }
        }

        private void loseGranted(int which, Finder finder) {
            List<Long> granted = List.copyOf(model.grants().keySet());
            if (granted.isEmpty()) {
                return;
            }
            long ticket = granted.get(which % granted.size());
            long page = ticket / PAGE_TICKETS;
            double expires =
                    Double.parseDouble(String.valueOf(REDIS.command("ZSCORE", key("pages"), Long.toString(page))));
            if (expires <= needed() || !delete("granted:" + page)) {
                return;
            }
            if (finder == Finder.ADMIT) {
                var reply = ROOM.admit(ticket);
                assertThat(reply.answers()).containsExactly(new RoomScripts.AdmitAnswer.NotYet());
                assertThat(reply.recovering()).isTrue();
            } else {
                find(finder == Finder.RESTORE ? finder : Finder.TICK, ticket);
            }
            model.loseGranted(page, PAGE_TICKETS);
        }

        /** The first call after the loss is refused, and nothing else comes of it. */
        private void find(Finder finder, long ticket) {
            long[] one = {ticket};
            var scripts = ROOM.scripts();
            var call = ROOM.call();
            var bits = segments(new TreeSet<>(List.of(ticket)));
            if (finder == Finder.TICK) {
                advance(100);
            }
            long[] none = {};
            Reply<?> reply = switch (finder) {
                case ADMIT -> TestRoom.reply(scripts.admit(call, one));
                case LEAVE -> TestRoom.reply(scripts.leave(call, one));
                case RESTORE -> TestRoom.reply(scripts.restore(call, one));
                case BEAT -> TestRoom.reply(scripts.beat(call, model.generation(), bits));
                case TICK -> TestRoom.reply(scripts.tick(ROOM.call(), RoomScripts.Present.NOBODY));
                case MERGE ->
                    TestRoom.reply(scripts.merge(
                            new Merge(call, 0, List.of(), 0, bits, none, none, none, none, none, false, false, 1)));
            };
            assertThat(reply).isInstanceOf(Reply.StaleEpoch.class);
        }

        /** A page that expires later than this may still hold a reservation, ms. */
        private double needed() {
            return model.now / 1_000.0 + 30_000;
        }

        private boolean delete(String name) {
            return Long.valueOf(1).equals(REDIS.command("DEL", key(name)));
        }

        /** Whether a segment of the line lost a bitmap. One that is left over from a lost index is none of them: no script reads it. */
        private boolean deleteOf(String prefix, long segment) {
            boolean ofTheLine = Arrays.stream(state("segments").split(",", -1))
                    .filter(range -> !range.isEmpty())
                    .map(range -> range.split("-", -1))
                    .anyMatch(range -> Long.parseLong(range[0]) <= segment && segment < Long.parseLong(range[1]));
            return delete(prefix + segment) && ofTheLine;
        }

        private static String state(String field) {
            return String.valueOf(REDIS.command("HGET", key("state"), field));
        }

        private static String key(String name) {
            return "wr:{" + TestRoom.ID + "}:" + name;
        }

        /** Redis forgets visitors whose tickets are gone, at its leisure. */
        private void forgetSweptVisitors() {
            model.loseVisitors(visitor ->
                    !Long.valueOf(1).equals(REDIS.command("HEXISTS", key("who:" + visitor * 257), hash(visitor))));
        }

        private static String hash(int visitor) {
            return String.valueOf((char) visitor).repeat(12);
        }

        private void goBack(Step.Who who) {
            long known = ROOM.epoch();
            ROOM.becomes(KEPT);
            model.becomes(kept);
            last = Optional.empty();
            if (who == Step.Who.NOBODY) {
                follower = new Follower();
                copies.clear();
            }
            if (who == Step.Who.GATEWAY) {
                var call = new RoomScripts.Call(TestRoom.GATEWAY, known, ROOM.clock() + 500_000);
                unlessStale(TestRoom.reply(ROOM.scripts().restore(call, new long[0])));
                model.meet(known);
            }
            long told = who == Step.Who.OPERATOR ? known : 0;
            ROOM.apply(policy, false, told);
            model.apply(policy, false, told);
            if (who != Step.Who.NOBODY) {
                assertThat(ROOM.epoch()).isGreaterThanOrEqualTo(known);
            }
        }

        private static <T> Optional<T> unlessStale(Reply<T> reply) {
            return switch (reply) {
                case Reply.Done(long now, T value) -> Optional.of(value);
                case Reply.StaleEpoch<T> stale -> Optional.empty();
                case Reply<T> other -> throw new AssertionError("neither done nor stale: " + other);
            };
        }

        private void tick(int here, long keptOut, long[] came) {
            TestRoom.done(ROOM.scripts().tick(ROOM.call(), new RoomScripts.Present(here, here, keptOut, came)));
            model.tick(here, keptOut, Arrays.stream(came).boxed().toList());
        }

        private void admit(long[] which) {
            long[] sorted = Arrays.stream(which).sorted().toArray();
            var reply = ROOM.admit(sorted);
            assertThat(reply.answers()).isEqualTo(model.admit(sorted));
            assertThat(Math.max(model.now, reply.nextTokenMicros()))
                    .isEqualTo(model.nextToken().getAsLong());
        }

        private long[] called(int most) {
            long horizon = model.header().horizon();
            return model.alive().headSet(horizon).stream()
                    .limit(most)
                    .mapToLong(Long::longValue)
                    .toArray();
        }

        private void beat(long generation, SortedSet<Long> polled) {
            if (generation >= 1) {
                TestRoom.done(ROOM.scripts().beat(ROOM.call(), generation, segments(polled)));
                model.beat(generation, polled);
            }
        }

        private void apply(Step.Change change) {
            policy = new Policy(
                    "evt",
                    1,
                    policy.generation() + 1,
                    change.mode,
                    change.rate,
                    Duration.ofSeconds(change.period),
                    change.burst,
                    Duration.ofSeconds(change.ttl),
                    Duration.ofSeconds(change.turnTtl),
                    change.maxLength == 0 ? OptionalLong.empty() : OptionalLong.of(change.maxLength),
                    RESERVATION,
                    "",
                    change.maxActive == 0
                            ? Optional.empty()
                            : Optional.of(new SessionCap(change.maxActive, Duration.ofSeconds(5 + change.maxActive))));
            ROOM.apply(policy, false);
            model.apply(policy, false);
        }

        private void merge(String gateway, int gateways, LineModel.Copy copy, long[] acknowledged, long[] departed) {
            var granted = new TreeMap<>(copy.granted());
            var all = new TreeSet<>(copy.segments());
            // The model's segments are those of its tickets; the line's index may have more.
            for (long[] range : ROOM.snapshot(0, 0).header().segments()) {
                for (long k = range[0]; k < range[1]; k++) {
                    all.add(k);
                }
            }
            var sent = segments(copy.alive());
            for (long k : all) {
                if (sent.stream().noneMatch(segment -> segment.segment() == k)) {
                    sent.add(new SegmentBits(k, new byte[0]));
                }
            }
            TestRoom.done(ROOM.scripts()
                    .merge(new Merge(
                            new RoomScripts.Call(
                                    gateway, ROOM.epoch(), ROOM.call().deadlineMicros()),
                            copy.next(),
                            copy.unknown(),
                            copy.horizon(),
                            sent,
                            acknowledged,
                            granted.keySet().stream().mapToLong(Long::longValue).toArray(),
                            granted.values().stream().mapToLong(Long::longValue).toArray(),
                            departed,
                            copy.sessions().entrySet().stream()
                                    .flatMapToLong(session -> LongStream.of(session.getValue(), session.getKey()))
                                    .toArray(),
                            copy.allSessions(),
                            true,
                            gateways)));
            model.merge(gateway, gateways, copy, all, acknowledged, departed);
        }

        private void advance(int millis) {
            ROOM.advance(Duration.ofMillis(millis));
            model.now = ROOM.clock();
        }

        private void compare(Object after) {
            Header line = ROOM.snapshot(0, 0).header();
            Header expected = model.header();
            assertThat(new Header(
                            line.epoch(),
                            0,
                            line.policy(),
                            line.next(),
                            line.horizon(),
                            line.tatMicros(),
                            line.tatFraction(),
                            line.waiting(),
                            line.joined(),
                            line.granted(),
                            line.left(),
                            line.expired(),
                            line.missed(),
                            line.beatGeneration(),
                            line.beatGenerationStartMicros(),
                            line.beatGenerationMicros(),
                            line.recoveringUntilMicros(),
                            line.peers(),
                            line.comingMillionths(),
                            line.due(),
                            0,
                            "",
                            line.sessions(),
                            List.of(),
                            line.lost()))
                    .as("after %s", after)
                    .isEqualTo(expected);
            assertThat(ROOM.grants(RESERVATION))
                    .as("whose reservation is valid after %s", after)
                    .isEqualTo(model.grants());
            assertThat(ROOM.alive()).as("who waits after %s", after).isEqualTo(model.alive());
            assertThat(ROOM.sessions())
                    .as("whose session is active after %s", after)
                    .isEqualTo(model.sessions());
            follower.follow();
            assertThat(follower.alive).as("a follower's copy after %s", after).isEqualTo(model.alive());
        }

        private long[] named(List<Integer> which) {
            return tickets.isEmpty()
                    ? new long[] {model.base()}
                    : which.stream()
                            .map(i -> tickets.get(i % tickets.size()))
                            .distinct()
                            .mapToLong(Long::longValue)
                            .toArray();
        }

        private static JoinEntry entry(LineModel.Joiner joiner) {
            return new JoinEntry(
                    joiner.visitor().map(n -> {
                        byte[] hash = new byte[12];
                        Arrays.fill(hash, n.byteValue());
                        return hash;
                    }),
                    joiner.admit());
        }

        private static boolean[] array(List<Boolean> list) {
            var array = new boolean[list.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = list.get(i);
            }
            return array;
        }
    }

    /** A gateway's copy: one full load for each epoch, then the journal. */
    private static final class Follower {
        private final TreeSet<Long> alive = new TreeSet<>();
        private long epoch;
        private long sequence;

        void follow() {
            while (true) {
                var reply = ROOM.snapshot(epoch, sequence);
                if (reply.full()) {
                    alive.clear();
                }
                epoch = reply.header().epoch();
                sequence = reply.sequence();
                for (var change : reply.changes()) {
                    switch (change) {
                        case Change.Joined(long from, long to) -> {
                            for (long ticket = from; ticket < to; ticket++) {
                                alive.add(ticket);
                            }
                        }
                        case Change.Granted(long[] gone, long[] at) ->
                            Arrays.stream(gone).forEach(alive::remove);
                        case Change.Left(long[] gone) -> Arrays.stream(gone).forEach(alive::remove);
                        case Change.Sessions sessions -> {}
                        case Change.Restored(long[] back) -> Arrays.stream(back).forEach(alive::add);
                    }
                }
                for (SegmentBits segment : reply.segments()) {
                    long first = segment.segment() * LineLayout.SEGMENT_TICKETS;
                    alive.subSet(first, first + LineLayout.SEGMENT_TICKETS).clear();
                    alive.addAll(TestRoom.tickets(segment));
                }
                if (reply.complete()) {
                    return;
                }
            }
        }
    }

    private static List<SegmentBits> segments(SortedSet<Long> tickets) {
        Map<Long, byte[]> bits = new TreeMap<>();
        for (long ticket : tickets) {
            long k = ticket / LineLayout.SEGMENT_TICKETS;
            int offset = (int) (ticket % LineLayout.SEGMENT_TICKETS);
            bits.computeIfAbsent(k, _ -> new byte[LineLayout.SEGMENT_BYTES])[offset / 8] |= (byte) (128 >> offset % 8);
        }
        var segments = new ArrayList<SegmentBits>();
        bits.forEach((k, bytes) -> segments.add(new SegmentBits(k, bytes)));
        return segments;
    }

    @Provide
    Arbitrary<Integer> distances() {
        return Arbitraries.integers().between(0, 40);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> index = Arbitraries.integers().between(0, 80);
        Arbitrary<List<Integer>> some = index.list().ofMinSize(1).ofMaxSize(8);
        Arbitrary<Step> joins = Arbitraries.of(0.0, 0.7, 1.0)
                .flatMap(admitShare -> Combinators.combine(
                                Arbitraries.integers().between(0, 5).optional(0.3),
                                Arbitraries.doubles().between(0, 1).map(chance -> chance < admitShare))
                        .as(LineModel.Joiner::new)
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(25))
                .map(Step.Join::new);
        Arbitrary<Step> runs = Arbitraries.integers().between(1, 15).map(Step.Run::new);
        Arbitrary<Step> changes = Combinators.combine(
                        Arbitraries.of(Mode.QUEUE, Mode.QUEUE, Mode.HOLD, Mode.PASS, Mode.REJECT),
                        Arbitraries.of(1, 3, 7, 10, 1_000),
                        Arbitraries.of(1, 7, 60),
                        Arbitraries.of(1, 5, 50, 100_000),
                        Arbitraries.of(5, 20, 21, 300),
                        Arbitraries.of(5, 30, 900),
                        Arbitraries.of(0, 0, 30),
                        Arbitraries.of(0, 0, 2, 20))
                .as(Step.Change::new);
        Arbitrary<Step> merges = Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 9),
                        some,
                        some)
                .as(Step.MergeCopy::new);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(8, joins),
                        Tuple.of(1, Arbitraries.just(new Step.JoinAgain())),
                        Tuple.of(1, Arbitraries.just(new Step.JoinLate())),
                        Tuple.of(2, some.map(Step.Admit::new)),
                        Tuple.of(5, Arbitraries.integers().between(1, 30).map(Step.AdmitCalled::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(Arbitraries.integers().between(0, 20), Arbitraries.of(true, false))
                                        .as(Step.Come::new)),
                        Tuple.of(2, some.map(Step.Leave::new)),
                        Tuple.of(3, Arbitraries.just(new Step.LeaveAll())),
                        Tuple.of(3, some.map(Step.Restore::new)),
                        Tuple.of(2, Combinators.combine(some, some).as(Step.Sessions::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(Arbitraries.integers().between(0, 3), some)
                                        .as(Step.Beat::new)),
                        Tuple.of(3, Arbitraries.integers().between(2, 5).map(Step.BeatMost::new)),
                        Tuple.of(3, Arbitraries.integers().between(0, 5_000).map(Step.Wait::new)),
                        Tuple.of(6, runs),
                        Tuple.of(2, changes),
                        Tuple.of(2, Arbitraries.of(true, false).map(Step.TakeCopy::new)),
                        Tuple.of(1, Arbitraries.just(new Step.NewHistory())),
                        Tuple.of(1, Arbitraries.just(new Step.LoseAll())),
                        Tuple.of(
                                5,
                                Combinators.combine(
                                                Arbitraries.of(Key.class),
                                                index,
                                                Arbitraries.of(Finder.class),
                                                Arbitraries.of(true, false))
                                        .as(Step.LoseKey::new)),
                        Tuple.of(1, Arbitraries.just(new Step.Keep())),
                        Tuple.of(2, Arbitraries.of(Step.Who.class).map(Step.Return::new)),
                        Tuple.of(3, merges))
                .list()
                .ofMinSize(10)
                .ofMaxSize(60);
    }
}
