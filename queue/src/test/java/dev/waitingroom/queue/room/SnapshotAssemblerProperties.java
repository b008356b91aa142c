package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.SnapshotReply;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** A reader against a line in memory that answers in slices, changes in between, forgets its journal and begins epochs. */
class SnapshotAssemblerProperties {
    private static final long FIRST = LineLayout.SEGMENT_TICKETS * 30_000L;

    /** What happens between two answers. */
    sealed interface Event {
        /** So many join; before them so many numbers are nobody's. */
        record Join(int gap, int count) implements Event {}

        record Leave(int index) implements Event {}

        record Restore(int index) implements Event {}

        /** A segment is swept: it goes into the journal as a whole. */
        record Sweep(int index) implements Event {}

        record ForgetJournal() implements Event {}

        record NewEpoch() implements Event {}
    }

    @Property(tries = 500)
    void copyIsTheLineWhateverHappensWhileItIsRead(
            @ForAll("events") List<List<Event>> between, @ForAll @IntRange(min = 1, max = 5) int changesAnAnswer) {
        Line line = new Line(changesAnAnswer);
        SnapshotAssembler reader = new SnapshotAssembler();
        for (List<Event> events : between) {
            reader.read(line.answer(reader.query()));
            events.forEach(line::happens);
        }

        while (!reader.read(line.answer(reader.query()))) {
            // the line stands still: each answer brings it nearer
        }

        LineSnapshot copy = reader.copy().orElseThrow();
        assertThat(copy.alive().from(0))
                .containsExactly(line.alive.stream().mapToLong(Long::longValue).toArray());
        assertThat(copy.epoch()).isEqualTo(line.epoch);
        assertThat(copy.sequence()).isEqualTo(line.sequence);
        assertThat(copy.next()).isEqualTo(line.next);
    }

    @Example
    void keepsWhatThisProcessWasToldBeyondTheAnswer() {
        Line line = new Line(5);
        line.happens(new Event.Join(0, 10));
        SnapshotAssembler reader = new SnapshotAssembler();
        reader.read(line.answer(reader.query()));
        SnapshotReply underWay = line.answer(reader.query());

        reader.update(reader.copy().orElseThrow().waiting(new long[] {FIRST + 10, FIRST + 11}));
        reader.update(reader.copy().orElseThrow().departed(new long[] {FIRST + 11}));
        reader.read(underWay);

        LineSnapshot copy = reader.copy().orElseThrow();
        assertThat(copy.alive().contains(FIRST + 10)).isTrue();
        assertThat(copy.alive().contains(FIRST + 11)).isFalse();
        assertThat(copy.standing(FIRST + 11)).isEqualTo(LineSnapshot.Standing.ABSENT);
    }

    @Example
    void beginsFromNothingAfterAReset() {
        Line line = new Line(5);
        line.happens(new Event.Join(0, 10));
        SnapshotAssembler reader = new SnapshotAssembler();
        reader.read(line.answer(reader.query()));

        reader.reset(reader.copy().orElseThrow());

        assertThat(reader.copy()).isEmpty();
        assertThat(reader.query().epoch()).isZero();
    }

    @Example
    void speaksForWhatRedisLostOnlyWhereThisProcessToldIt() {
        Line line = new Line(5);
        line.happens(new Event.Join(0, 10));
        SnapshotAssembler reader = new SnapshotAssembler();
        reader.read(line.answer(reader.query()));
        LineSnapshot told = reader.copy().orElseThrow();
        line.happens(new Event.Join(0, 10));
        line.happens(new Event.NewEpoch());
        line.lost = new TestHeaders.Lost(FIRST + 5, line.next, 0);

        SnapshotAssembler fresh = new SnapshotAssembler();
        fresh.read(line.answer(fresh.query()));
        reader.reset(told);
        reader.read(line.answer(reader.query()));

        assertThat(fresh.copy().orElseThrow().unknown()).containsExactly(new TicketRange(FIRST + 5, line.next));
        assertThat(reader.copy().orElseThrow().unknown()).containsExactly(new TicketRange(FIRST + 10, line.next));
    }

    /** As {@code snapshot.lua} does it. */
    private static final class Line {
        private final TreeSet<Long> alive = new TreeSet<>();
        private final List<Object> journal = new ArrayList<>(); // a Change, or the number of a segment
        private final int changesAnAnswer;
        private long next = FIRST;
        private long epoch = 1;
        private long sequence;
        private TestHeaders.Lost lost = TestHeaders.Lost.NOTHING;

        private Line(int changesAnAnswer) {
            this.changesAnAnswer = changesAnAnswer;
        }

        private void happens(Event event) {
            switch (event) {
                case Event.Join(int gap, int count) -> {
                    long from = next + gap;
                    for (long ticket = from; ticket < from + count; ticket++) {
                        alive.add(ticket);
                    }
                    next = from + count;
                    journal(new Change.Joined(from, next));
                }
                case Event.Leave(int index) -> {
                    if (!alive.isEmpty()) {
                        long one = alive.stream()
                                .skip(index % alive.size())
                                .findFirst()
                                .orElseThrow();
                        alive.remove(one);
                        journal(
                                index % 2 == 0
                                        ? new Change.Left(new long[] {one})
                                        : new Change.Granted(new long[] {one}, new long[] {1}));
                    }
                }
                case Event.Restore(int index) -> {
                    if (next > FIRST) {
                        long one = FIRST + index % (next - FIRST);
                        alive.add(one);
                        journal(new Change.Restored(new long[] {one}));
                    }
                }
                case Event.Sweep(int index) -> {
                    long segment = segments().get(index % segments().size());
                    alive.subSet(segment * LineLayout.SEGMENT_TICKETS, (segment + 1) * LineLayout.SEGMENT_TICKETS)
                            .removeIf(ticket -> ticket % 3 == 0);
                    journal(segment);
                }
                case Event.ForgetJournal() -> journal.clear();
                case Event.NewEpoch() -> {
                    epoch++;
                    journal.clear();
                }
            }
        }

        private void journal(Object entry) {
            journal.add(entry);
            sequence++;
        }

        private List<Long> segments() {
            List<Long> segments = new ArrayList<>();
            for (long k = FIRST / LineLayout.SEGMENT_TICKETS; k <= next / LineLayout.SEGMENT_TICKETS; k++) {
                segments.add(k);
            }
            return segments;
        }

        private SnapshotReply answer(SnapshotAssembler.Query query) {
            long kept = sequence - journal.size();
            boolean follows = query.epoch() == epoch && query.sequence() >= kept && query.sequence() <= sequence;
            if (follows && query.fromSegment().isPresent()) {
                return load(query.sequence(), false, query.fromSegment().getAsLong());
            }
            return follows ? changes(query.sequence(), (int) (query.sequence() - kept)) : load(sequence, true, 0);
        }

        private SnapshotReply load(long reached, boolean full, long from) {
            List<Long> left = segments().stream().filter(k -> k >= from).toList();
            List<Long> slice = left.stream().limit(RoomScripts.SLICE_SEGMENTS).toList();
            boolean complete = slice.size() == left.size() && reached == sequence;
            return new SnapshotReply(
                    header(),
                    complete,
                    reached,
                    full,
                    List.of(),
                    slice.stream().map(this::bits).toList());
        }

        private SnapshotReply changes(long reached, int from) {
            List<Change> changes = new ArrayList<>();
            SortedSet<Long> whole = new TreeSet<>();
            int to = Math.min(journal.size(), from + changesAnAnswer);
            for (Object entry : journal.subList(from, to)) {
                if (entry instanceof Change change) {
                    changes.add(change);
                } else {
                    whole.add((Long) entry);
                }
            }
            return new SnapshotReply(
                    header(),
                    to == journal.size(),
                    reached + to - from,
                    false,
                    changes,
                    whole.stream().map(this::bits).toList());
        }

        private Header header() {
            List<Long> segments = segments();
            return TestHeaders.of(
                    epoch,
                    sequence,
                    next,
                    FIRST,
                    List.of(new long[] {segments.getFirst(), segments.getLast() + 1}),
                    lost,
                    1,
                    0,
                    new TokenBucket(0, 0));
        }

        private SegmentBits bits(long segment) {
            byte[] bytes = new byte[LineLayout.SEGMENT_BYTES];
            long first = segment * LineLayout.SEGMENT_TICKETS;
            for (long ticket : alive.subSet(first, first + LineLayout.SEGMENT_TICKETS)) {
                int offset = (int) (ticket - first);
                bytes[offset / 8] |= (byte) (128 >> offset % 8);
            }
            return new SegmentBits(segment, bytes);
        }
    }

    @Provide
    Arbitrary<List<List<Event>>> events() {
        Arbitrary<Integer> index = Arbitraries.integers().between(0, 10_000);
        return Arbitraries.<Event>frequencyOf(
                        Tuple.of(
                                4,
                                Combinators.combine(
                                                Arbitraries.of(0, 0, 1, 64_000, 600_000),
                                                Arbitraries.integers().between(1, 80))
                                        .as(Event.Join::new)),
                        Tuple.of(4, index.map(Event.Leave::new)),
                        Tuple.of(2, index.map(Event.Restore::new)),
                        Tuple.of(2, index.map(Event.Sweep::new)),
                        Tuple.of(1, Arbitraries.just(new Event.ForgetJournal())),
                        Tuple.of(1, Arbitraries.just(new Event.NewEpoch())))
                .list()
                .ofMaxSize(6)
                .list()
                .ofMaxSize(12);
    }
}
