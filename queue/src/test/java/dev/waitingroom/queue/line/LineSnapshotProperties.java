package dev.waitingroom.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineSnapshot.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * What a gateway hears of its own calls goes into its copy in any order, and again: the answers of Redis overtake one another. Only who
 * joined comes before who left, since a ticket must be known to be given up.
 */
class LineSnapshotProperties {
    private static final long BASE = 65_024L * 20_000 - 10;
    private static final int KNOWN = 40;

    /** Tickets BASE.. of which some wait still; those from {@code next} on were told to others. */
    private static LineSnapshot copy(Set<Long> gone) {
        Bits.Editor alive = Bits.EMPTY.edit().addAll(BASE, BASE + KNOWN);
        gone.forEach(alive::remove);
        return new LineSnapshot(1, 1, BASE + KNOWN, List.of(), BASE, alive.build(), List.of());
    }

    @Property(tries = 500)
    void orderAndRepetitionDoNotMatter(
            @ForAll("some") Set<Long> gone,
            @ForAll("some") Set<Long> joined,
            @ForAll("some") Set<Long> departed,
            @ForAll Random random) {
        LineSnapshot one = copy(gone).waiting(beyond(joined)).departed(array(departed));

        LineSnapshot other = copy(gone);
        for (long ticket : shuffledTwice(beyond(joined), random)) {
            other = other.waiting(new long[] {ticket});
        }
        for (long ticket : shuffledTwice(array(departed), random)) {
            other = other.departed(new long[] {ticket});
        }

        for (long ticket = BASE - 1; ticket < BASE + 2 * KNOWN + 1; ticket++) {
            assertThat(other.standing(ticket)).as("%d", ticket).isEqualTo(one.standing(ticket));
            assertThat(other.position(ticket)).as("%d", ticket).isEqualTo(one.position(ticket));
        }
    }

    @Property(tries = 500)
    void positionOnlyFallsAsOthersDepart(@ForAll("some") Set<Long> gone, @ForAll("order") List<Long> departures) {
        LineSnapshot copy = copy(gone);
        for (long departure : departures) {
            LineSnapshot after = copy.departed(new long[] {departure});
            boolean there = copy.standing(departure) != Standing.ABSENT;

            for (long ticket = BASE; ticket < BASE + 2 * KNOWN; ticket++) {
                long less = there && departure < ticket ? 1 : 0;
                assertThat(after.position(ticket)).as("%d", ticket).isEqualTo(copy.position(ticket) - less);
            }
            assertThat(after.standing(departure)).isEqualTo(Standing.ABSENT);
            copy = after;
        }
    }

    @Property(tries = 200)
    void joinsThroughThisGatewayMoveNobody(@ForAll("some") Set<Long> gone, @ForAll("some") Set<Long> joined) {
        LineSnapshot before = copy(gone);

        LineSnapshot after = before.waiting(beyond(joined));

        for (long ticket = BASE; ticket < BASE + 2 * KNOWN; ticket++) {
            assertThat(after.position(ticket)).as("%d", ticket).isEqualTo(before.position(ticket));
        }
    }

    private static long[] beyond(Set<Long> tickets) {
        return tickets.stream()
                .filter(ticket -> ticket >= BASE + KNOWN)
                .mapToLong(Long::longValue)
                .toArray();
    }

    private static long[] array(Set<Long> tickets) {
        return tickets.stream().mapToLong(Long::longValue).toArray();
    }

    private static List<Long> shuffledTwice(long[] tickets, Random random) {
        List<Long> twice = new ArrayList<>();
        for (long ticket : tickets) {
            twice.add(ticket);
            twice.add(ticket);
        }
        java.util.Collections.shuffle(twice, random);
        return twice;
    }

    @Provide
    Arbitrary<Set<Long>> some() {
        return ticket().set().ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Long>> order() {
        return ticket().list().ofMaxSize(15);
    }

    private static Arbitrary<Long> ticket() {
        return Arbitraries.frequencyOf(
                        Tuple.of(2, Arbitraries.integers().between(0, KNOWN - 1)),
                        Tuple.of(1, Arbitraries.integers().between(KNOWN, 2 * KNOWN - 1)))
                .map(i -> BASE + i);
    }
}
