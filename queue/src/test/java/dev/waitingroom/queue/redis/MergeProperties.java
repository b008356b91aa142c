package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.Merge;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.RoomScripts.Standing;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * A line that Redis lost, or the end of which it lost, is the same whichever gateway puts its copy back first, and however often: who
 * waits is who was known to wait by anyone and to be gone by nobody.
 */
class MergeProperties {
    private static final RedisProcess REDIS = RedisProcess.start();
    private static final TestRoom ROOM = TestRoom.on(REDIS);
    private static final Policy POLICY = TestRoom.policy(10, 10);
    private static final String REPLICA = "1";
    private static final String AFTER_THE_LOSS = "2";

    @AfterContainer
    static void stop() {
        ROOM.close();
        REDIS.close();
    }

    /** What happens before the loss, through which of the gateways. */
    sealed interface Event {
        record Join(int gateway, int count) implements Event {}

        record Leave(int gateway, int index) implements Event {}

        record Admit(int gateway, int most) implements Event {}

        /** The gateway reads the line. */
        record Look(int gateway) implements Event {}

        /** A visitor comes who may have lost their place. */
        record Return(int gateway, int index) implements Event {}

        /** The last that the replica hears. */
        record Replicate() implements Event {}
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void lineIsTheSameWhoeverPutsItBackFirst(
            @ForAll("histories") List<Event> history, @ForAll boolean everything, @ForAll Random random) {
        Sale sale = Sale.begin();
        history.forEach(sale::happens);
        sale.lose(everything, "h2");
        keepAs(AFTER_THE_LOSS);

        List<Header> headers = new ArrayList<>();
        for (int order = 0; order < 3; order++) {
            becomes(AFTER_THE_LOSS);
            for (Gateway gateway : sale.everyGatewayTwice(random)) {
                gateway.merge();
            }
            assertThat(ROOM.alive()).isEqualTo(sale.waitStill());
            headers.add(ROOM.snapshot(ROOM.epoch(), ROOM.lastSequence()).header());
            sale.grants()
                    .forEach((ticket, at) -> assertThat(
                                    TestRoom.done(ROOM.scripts().restore(ROOM.call(), new long[] {ticket})))
                            .containsExactly(new Standing.Granted(at)));
        }
        assertThat(headers).allSatisfy(header -> {
            assertThat(header.waiting()).isEqualTo(sale.waitStill().size());
            assertThat(header.horizon()).isEqualTo(headers.getFirst().horizon());
        });
    }

    /** What became of a gateway between two losses. */
    enum Meanwhile {
        /** It put its copy back, and read the line anew. */
        MERGED,
        /** It was cut off all the time. */
        AWAY,
        /** Another began in its place, without a copy. */
        REPLACED
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void nobodyLosesTheirPlaceByTwoLosses(
            @ForAll("histories") List<Event> first,
            @ForAll boolean everythingFirst,
            @ForAll @Size(3) List<Meanwhile> meanwhile,
            @ForAll("histories") List<Event> second,
            @ForAll boolean everythingThen,
            @ForAll Random random) {
        Sale sale = Sale.begin();
        first.forEach(sale::happens);
        sale.lose(everythingFirst, "h2");
        sale.goOn(meanwhile);
        second.forEach(sale::happens);
        sale.lose(everythingThen, "h3");
        keepAs(AFTER_THE_LOSS);

        Set<SortedSet<Long>> seen = new HashSet<>();
        for (int order = 0; order < 3; order++) {
            becomes(AFTER_THE_LOSS);
            sale.everyGatewayTwice(random).forEach(Gateway::merge);
            seen.add(ROOM.alive());
            sale.notDeparted()
                    .forEach(ticket -> assertThat(
                                    TestRoom.done(ROOM.scripts().restore(ROOM.call(), new long[] {ticket})))
                            .containsExactly(new Standing.Waits()));
        }
        assertThat(seen).hasSize(1);
    }

    private static final class Sale {
        private final List<Gateway> gateways = new ArrayList<>(List.of(new Gateway(), new Gateway(), new Gateway()));
        private final List<Long> tickets = new ArrayList<>();
        private final Set<Long> departed = new HashSet<>();
        private Source replica = source();

        private Sale() {
            keepAs(REPLICA);
        }

        private static Sale begin() {
            REDIS.flush();
            ROOM.setClock(TestRoom.NOON);
            ROOM.setHistory("h1");
            ROOM.apply(POLICY, true);
            return new Sale();
        }

        private void happens(Event event) {
            switch (event) {
                case Event.Join(int gateway, int count) -> {
                    long[] joined = ROOM.tickets(count);
                    Arrays.stream(joined).forEach(tickets::add);
                    gateways.get(gateway).copy = gateways.get(gateway).copy.waiting(joined);
                }
                case Event.Leave(int gateway, int index) -> {
                    if (!tickets.isEmpty()) {
                        long[] one = {tickets.get(index % tickets.size())};
                        TestRoom.done(ROOM.scripts().leave(ROOM.call(), one));
                        gateways.get(gateway).copy = gateways.get(gateway).copy.departed(one);
                        departed.add(one[0]);
                    }
                }
                case Event.Return(int gateway, int index) -> {
                    if (!tickets.isEmpty()) {
                        gateways.get(gateway).lookUp(tickets.get(index % tickets.size()));
                    }
                }
                case Event.Admit(int gateway, int most) -> {
                    ROOM.run(Duration.ofSeconds(1));
                    gateways.get(gateway).admit(most);
                    departed.addAll(gateways.get(gateway).grants.keySet());
                }
                case Event.Look(int gateway) -> gateways.get(gateway).look();
                case Event.Replicate() -> {
                    replica = source();
                    keepAs(REPLICA);
                }
            }
        }

        private void lose(boolean everything, String history) {
            ROOM.advance(Duration.ofSeconds(1));
            if (everything) {
                REDIS.flush();
                replica = new Source(0, new TreeSet<>(), Set.of(), Map.of());
            } else {
                becomes(REPLICA);
            }
            ROOM.setHistory(history);
            ROOM.apply(POLICY, false);
        }

        /** After a loss. */
        private void goOn(List<Meanwhile> meanwhile) {
            for (int i = 0; i < meanwhile.size(); i++) {
                Gateway gateway = gateways.get(i);
                switch (meanwhile.get(i)) {
                    case MERGED -> {
                        gateway.merge();
                        gateway.lookAfterMerging();
                    }
                    case AWAY -> {}
                    case REPLACED -> gateways.set(i, new Gateway());
                }
            }
            keepAs(REPLICA);
        }

        private SortedSet<Long> notDeparted() {
            SortedSet<Long> places = new TreeSet<>(tickets);
            places.removeAll(departed);
            return places;
        }

        private List<Gateway> everyGatewayTwice(Random random) {
            List<Gateway> order = new ArrayList<>(gateways);
            order.addAll(gateways);
            Collections.shuffle(order, random);
            return order;
        }

        private SortedSet<Long> waitStill() {
            List<Source> sources = sources();
            SortedSet<Long> waiting = new TreeSet<>(tickets);
            waiting.removeIf(ticket -> sources.stream().noneMatch(source -> source.waits(ticket))
                    || sources.stream().anyMatch(source -> source.gone(ticket)));
            return waiting;
        }

        /** As far as any gateway knows. */
        private Map<Long, Long> grants() {
            Map<Long, Long> grants = new TreeMap<>();
            gateways.forEach(gateway -> grants.putAll(gateway.grants));
            return grants;
        }

        private List<Source> sources() {
            List<Source> sources = new ArrayList<>(List.of(replica));
            gateways.forEach(gateway -> sources.add(gateway.source()));
            return sources;
        }

        private static Source source() {
            Header header = ROOM.snapshot(0, 0).header();
            return new Source(header.next(), ROOM.alive(), Set.of(), Map.of());
        }
    }

    /** What one of them knows: of all numbers below {@code next}, and of some beyond. */
    private record Source(long next, SortedSet<Long> alive, Set<Long> departed, Map<Long, Long> grants) {
        private boolean waits(long ticket) {
            return alive.contains(ticket);
        }

        private boolean gone(long ticket) {
            return departed.contains(ticket) || grants.containsKey(ticket) || (ticket < next && !waits(ticket));
        }
    }

    private static final class Gateway {
        private final Map<Long, Long> grants = new TreeMap<>();
        private Optional<LineSnapshot> told = Optional.empty();
        private LineSnapshot copy;

        private Gateway() {
            copy = read();
        }

        private void look() {
            copy = read();
        }

        private void lookAfterMerging() {
            told = Optional.of(copy);
            copy = read();
        }

        private void lookUp(long ticket) {
            long[] one = {ticket};
            if (TestRoom.done(ROOM.scripts().restore(ROOM.call(), one)).getFirst() instanceof Standing.Waits) {
                copy = copy.waiting(one);
            }
        }

        private LineSnapshot read() {
            Header header = ROOM.snapshot(0, 0).header();
            Bits.Editor alive = Bits.EMPTY.edit();
            for (long[] range : header.segments()) {
                for (long segment = range[0]; segment < range[1]; segment++) {
                    alive.replace(segment, new byte[0]); // it knows of those that nobody waits in, too
                }
            }
            ROOM.alive().forEach(alive::add);
            return new LineSnapshot(
                    header.epoch(),
                    header.sequence(),
                    header.next(),
                    told.map(merged -> merged.unknownAmong(header.lost())).orElse(header.lost()),
                    header.horizon(),
                    alive.build(),
                    List.of());
        }

        private void admit(int most) {
            long[] asking =
                    ROOM.alive().stream().limit(most).mapToLong(Long::longValue).toArray();
            List<AdmitAnswer> answers = ROOM.admit(asking).answers();
            for (int i = 0; i < asking.length; i++) {
                if (answers.get(i) instanceof AdmitAnswer.Granted(long at)) {
                    grants.put(asking[i], at);
                    copy = copy.departed(new long[] {asking[i]});
                }
            }
        }

        private Source source() {
            TreeSet<Long> alive = new TreeSet<>();
            Arrays.stream(copy.alive().from(0)).forEach(alive::add);
            return new Source(copy.next(), alive, Set.copyOf(copy.departedBeyond()), grants);
        }

        private void merge() {
            TreeSet<Long> segments = new TreeSet<>();
            Arrays.stream(copy.alive().segmentNumbers()).forEach(segments::add);
            for (long[] range : ROOM.snapshot(0, 0).header().segments()) {
                for (long segment = range[0]; segment < range[1]; segment++) {
                    segments.add(segment);
                }
            }
            TestRoom.done(ROOM.scripts()
                    .merge(new Merge(
                            ROOM.call(),
                            copy.next(),
                            copy.unknown(),
                            copy.horizon(),
                            segments.headSet(Bits.segmentOf(copy.next()) + 1).stream()
                                    .map(segment -> new SegmentBits(
                                            segment, copy.alive().segmentBytes(segment)))
                                    .toList(),
                            copy.alive().from(copy.next()),
                            array(grants.keySet()),
                            array(grants.values()),
                            array(copy.departedBeyond()),
                            new long[0],
                            false,
                            true,
                            1)));
        }

        private static long[] array(Iterable<Long> numbers) {
            List<Long> list = new ArrayList<>();
            numbers.forEach(list::add);
            return list.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static void keepAs(String database) {
        ROOM.keepAs(database);
    }

    private static void becomes(String database) {
        ROOM.becomes(database);
    }

    @Provide
    Arbitrary<List<Event>> histories() {
        Arbitrary<Integer> gateway = Arbitraries.integers().between(0, 2);
        return Arbitraries.<Event>frequencyOf(
                        Tuple.of(
                                4,
                                Combinators.combine(
                                                gateway, Arbitraries.integers().between(1, 20))
                                        .as(Event.Join::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(
                                                gateway, Arbitraries.integers().between(0, 100))
                                        .as(Event.Leave::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(
                                                gateway, Arbitraries.integers().between(1, 8))
                                        .as(Event.Admit::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(
                                                gateway, Arbitraries.integers().between(0, 100))
                                        .as(Event.Return::new)),
                        Tuple.of(2, gateway.map(Event.Look::new)),
                        Tuple.of(1, Arbitraries.just(new Event.Replicate())))
                .list()
                .ofMinSize(5)
                .ofMaxSize(30);
    }
}
