package dev.waitingroom.queue.line;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of ticket numbers as segments of bits, immutable: an edit shares the segments that it does not touch. Rank is a binary search
 * and at most 1,016 population counts: about a microsecond, however long the line is ({@code RankBenchmark}).
 */
public final class Bits {
    public static final Bits EMPTY = new Bits(new long[0], new Segment[0]);

    private final long[] numbers;
    private final Segment[] segments;
    private final long[] before;

    private Bits(long[] numbers, Segment[] segments) {
        this.numbers = numbers;
        this.segments = segments;
        this.before = new long[segments.length + 1];
        for (int i = 0; i < segments.length; i++) {
            before[i + 1] = before[i] + segments[i].count();
        }
    }

    /** The segment that a ticket lies in. */
    public static long segmentOf(long ticket) {
        return ticket / Segment.TICKETS;
    }

    public boolean contains(long ticket) {
        int i = Arrays.binarySearch(numbers, segmentOf(ticket));
        return i >= 0 && segments[i].get((int) (ticket % Segment.TICKETS));
    }

    /** How many there are. */
    public long count() {
        return before[segments.length];
    }

    /** How many are below {@code ticket}. */
    public long rank(long ticket) {
        int i = Arrays.binarySearch(numbers, segmentOf(ticket));
        return i < 0 ? before[-i - 1] : before[i] + segments[i].rank((int) (ticket % Segment.TICKETS));
    }

    /** How many are in {@code [from, to)}. */
    public long count(long from, long to) {
        return to <= from ? 0 : rank(to) - rank(from);
    }

    /** The numbers of the segments in this set, ascending. A segment may be empty. */
    public long[] segmentNumbers() {
        return numbers.clone();
    }

    /** The bytes of a segment, in Redis' order. None if it is absent or empty. */
    public byte[] segmentBytes(long number) {
        int i = Arrays.binarySearch(numbers, number);
        return i < 0 || segments[i].count() == 0 ? new byte[0] : segments[i].toBytes();
    }

    /** The members from {@code from} on, ascending. */
    public long[] from(long from) {
        List<Long> members = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            long first = numbers[i] * Segment.TICKETS;
            if (segments[i].count() == 0 || first + Segment.TICKETS <= from) {
                continue;
            }
            for (int offset = (int) Math.max(0, from - first); offset < Segment.TICKETS; offset++) {
                if (segments[i].get(offset)) {
                    members.add(first + offset);
                }
            }
        }
        return members.stream().mapToLong(Long::longValue).toArray();
    }

    /** Those that are in both. */
    public Bits and(Bits other) {
        Map<Long, Segment> both = new TreeMap<>();
        for (int i = 0; i < numbers.length; i++) {
            int j = Arrays.binarySearch(other.numbers, numbers[i]);
            if (j >= 0) {
                both.put(numbers[i], segments[i].and(other.segments[j]));
            }
        }
        return of(both);
    }

    public Editor edit() {
        return new Editor(this);
    }

    private static Bits of(Map<Long, Segment> map) {
        long[] numbers = map.keySet().stream().mapToLong(Long::longValue).toArray();
        return new Bits(numbers, map.values().toArray(Segment[]::new));
    }

    /** Changes to be made at once. Not thread-safe. */
    public static final class Editor {
        private final TreeMap<Long, Segment> built = new TreeMap<>();
        private final Map<Long, Segment.Editor> open = new TreeMap<>();

        private Editor(Bits bits) {
            for (int i = 0; i < bits.numbers.length; i++) {
                built.put(bits.numbers[i], bits.segments[i]);
            }
        }

        public Editor add(long ticket) {
            open(segmentOf(ticket)).set((int) (ticket % Segment.TICKETS));
            return this;
        }

        public Editor addAll(long from, long to) {
            for (long ticket = from; ticket < to; ticket++) {
                add(ticket);
            }
            return this;
        }

        public Editor remove(long ticket) {
            long number = segmentOf(ticket);
            if (built.containsKey(number) || open.containsKey(number)) {
                open(number).clear((int) (ticket % Segment.TICKETS));
            }
            return this;
        }

        /** Puts a whole segment in place of what is there. */
        public Editor replace(long number, byte[] bytes) {
            open.remove(number);
            built.put(number, Segment.of(bytes));
            return this;
        }

        /** Keeps only the segments that are in one of these ranges of segment numbers, each without its end. */
        public Editor retain(List<long[]> ranges) {
            built.keySet().removeIf(number -> !within(ranges, number));
            open.keySet().removeIf(number -> !within(ranges, number));
            return this;
        }

        public Bits build() {
            open.forEach((number, editor) -> built.put(number, editor.build()));
            open.clear();
            return of(built);
        }

        private Segment.Editor open(long number) {
            Segment.Editor editor = open.get(number);
            if (editor == null) {
                editor = built.getOrDefault(number, Segment.EMPTY).edit();
                open.put(number, editor);
            }
            return editor;
        }

        private static boolean within(List<long[]> ranges, long number) {
            for (long[] range : ranges) {
                if (range[0] <= number && number < range[1]) {
                    return true;
                }
            }
            return false;
        }
    }
}
