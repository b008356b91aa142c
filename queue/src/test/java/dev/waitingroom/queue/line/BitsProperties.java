package dev.waitingroom.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The bits against a sorted set, mostly near the borders of bytes, words and segments. */
class BitsProperties {
    private static final long FIRST = 1L << 40;

    /** What is done to them. */
    sealed interface Edit {
        record Add(long ticket) implements Edit {}

        record AddAll(long from, int count) implements Edit {}

        record Remove(long ticket) implements Edit {}

        record Replace(long segment, List<Integer> offsets) implements Edit {}

        record Retain(long from, long to) implements Edit {}
    }

    @Property(tries = 300)
    void areTheSetThatTheEditsMake(@ForAll("edits") List<List<Edit>> builds, @ForAll("tickets") List<Long> probes) {
        Bits bits = Bits.EMPTY;
        TreeSet<Long> set = new TreeSet<>();
        for (List<Edit> build : builds) {
            bits = edited(bits, set, build);
        }

        assertThat(bits.count()).isEqualTo(set.size());
        assertThat(bits.from(0)).containsExactly(array(set));
        assertThat(tickets(bits)).isEqualTo(set);
        for (long probe : probes) {
            assertThat(bits.contains(probe)).isEqualTo(set.contains(probe));
            assertThat(bits.rank(probe)).isEqualTo(set.headSet(probe).size());
            assertThat(bits.from(probe)).containsExactly(array(set.tailSet(probe)));
            for (long other : probes) {
                assertThat(bits.count(probe, other))
                        .isEqualTo(probe < other ? set.subSet(probe, other).size() : 0);
            }
        }
    }

    @Property(tries = 200)
    void commonOnesAreThoseOfBoth(@ForAll("edits") List<List<Edit>> one, @ForAll("edits") List<List<Edit>> two) {
        TreeSet<Long> left = new TreeSet<>();
        TreeSet<Long> right = new TreeSet<>();
        Bits leftBits = edited(Bits.EMPTY, left, one.getFirst());
        Bits rightBits = edited(Bits.EMPTY, right, two.getFirst());

        left.retainAll(right);
        assertThat(tickets(leftBits.and(rightBits))).isEqualTo(left);
        assertThat(tickets(rightBits.and(leftBits))).isEqualTo(left);
    }

    @Property(tries = 200)
    void editLeavesWhatWasThere(@ForAll("edits") List<List<Edit>> builds) {
        Bits before = edited(Bits.EMPTY, new TreeSet<>(), builds.getFirst());
        SortedSet<Long> then = tickets(before);

        for (List<Edit> build : builds) {
            edited(before, new TreeSet<>(), build);
        }

        assertThat(tickets(before)).isEqualTo(then);
    }

    private static Bits edited(Bits bits, SortedSet<Long> set, List<Edit> edits) {
        Bits.Editor editor = bits.edit();
        for (Edit edit : edits) {
            switch (edit) {
                case Edit.Add(long ticket) -> {
                    editor.add(ticket);
                    set.add(ticket);
                }
                case Edit.AddAll(long from, int count) -> {
                    editor.addAll(from, from + count);
                    for (int i = 0; i < count; i++) {
                        set.add(from + i);
                    }
                }
                case Edit.Remove(long ticket) -> {
                    editor.remove(ticket);
                    set.remove(ticket);
                }
                case Edit.Replace(long segment, List<Integer> offsets) -> {
                    byte[] bytes = new byte[Segment.BYTES];
                    offsets.forEach(offset -> bytes[offset / 8] |= (byte) (128 >> offset % 8));
                    editor.replace(segment, bytes);
                    long first = segment * Segment.TICKETS;
                    set.subSet(first, first + Segment.TICKETS).clear();
                    offsets.forEach(offset -> set.add(first + offset));
                }
                case Edit.Retain(long from, long to) -> {
                    editor.retain(List.of(new long[] {from, to}));
                    set.removeIf(ticket -> Bits.segmentOf(ticket) < from || Bits.segmentOf(ticket) >= to);
                }
            }
        }
        return editor.build();
    }

    /** By their bytes, as Redis reads them. */
    private static SortedSet<Long> tickets(Bits bits) {
        TreeSet<Long> tickets = new TreeSet<>();
        for (long segment : bits.segmentNumbers()) {
            byte[] bytes = bits.segmentBytes(segment);
            for (int i = 0; i < bytes.length * 8; i++) {
                if ((bytes[i / 8] & 128 >> i % 8) != 0) {
                    tickets.add(segment * Segment.TICKETS + i);
                }
            }
        }
        return tickets;
    }

    private static long[] array(SortedSet<Long> set) {
        return set.stream().mapToLong(Long::longValue).toArray();
    }

    @Provide
    Arbitrary<List<Long>> tickets() {
        return ticket().list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<List<Edit>>> edits() {
        Arbitrary<Edit> edit = Arbitraries.frequencyOf(
                Tuple.of(6, ticket().map(Edit.Add::new)),
                Tuple.of(
                        3,
                        Combinators.combine(ticket(), Arbitraries.integers().between(0, 200))
                                .as(Edit.AddAll::new)),
                Tuple.of(4, ticket().map(Edit.Remove::new)),
                Tuple.of(
                        1,
                        Combinators.combine(
                                        segment(), offset().list().ofMaxSize(5).map(ArrayList::new))
                                .as(Edit.Replace::new)),
                Tuple.of(
                        1,
                        Combinators.combine(segment(), Arbitraries.integers().between(0, 3))
                                .as((from, length) -> new Edit.Retain(from, from + length))));
        return edit.list().ofMaxSize(12).list().ofMinSize(1).ofMaxSize(4);
    }

    private static Arbitrary<Long> ticket() {
        return Combinators.combine(segment(), offset()).as((segment, offset) -> segment * Segment.TICKETS + offset);
    }

    private static Arbitrary<Long> segment() {
        return Arbitraries.longs().between(0, 3).map(i -> FIRST / Segment.TICKETS + i);
    }

    private static Arbitrary<Integer> offset() {
        return Arbitraries.oneOf(
                Arbitraries.of(0, 1, 7, 8, 62, 63, 64, 65, 127, 128, Segment.TICKETS - 64, Segment.TICKETS - 1),
                Arbitraries.integers().between(0, Segment.TICKETS - 1));
    }
}
