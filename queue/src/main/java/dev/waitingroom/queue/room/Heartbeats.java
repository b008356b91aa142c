package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which visitors polled here, by beat generation, until Redis is told. {@link #mark} is for any thread, and is all that a poll costs. The
 * rest is for the room's thread.
 */
final class Heartbeats {
    /** The polls of one generation: bitmaps by segment, and the segments with news. */
    private static final class Generation {
        private final long number;
        private final ConcurrentHashMap<Long, AtomicLongArray> segments = new ConcurrentHashMap<>();
        private final Set<Long> dirty = ConcurrentHashMap.newKeySet();

        private Generation(long number) {
            this.number = number;
        }

        private void mark(long ticket) {
            long segment = ticket / LineLayout.SEGMENT_TICKETS;
            int offset = (int) (ticket % LineLayout.SEGMENT_TICKETS);
            AtomicLongArray words = words(segment);
            long bit = Long.MIN_VALUE >>> (offset & 63);
            if ((words.get(offset >>> 6) & bit) == 0) {
                words.accumulateAndGet(offset >>> 6, bit, (a, b) -> a | b);
                dirty.add(segment);
            }
        }

        /** Adds the polls of another generation in these segments, as news. */
        private void takeOver(Generation other, Set<Long> from) {
            for (Long segment : from) {
                AtomicLongArray theirs = other.words(segment);
                AtomicLongArray ours = words(segment);
                for (int i = 0; i < theirs.length(); i++) {
                    ours.accumulateAndGet(i, theirs.get(i), (a, b) -> a | b);
                }
                dirty.add(segment);
            }
        }

        private AtomicLongArray words(Long segment) {
            return segments.computeIfAbsent(segment, s -> new AtomicLongArray(LineLayout.SEGMENT_TICKETS / Long.SIZE));
        }
    }

    /** Bits of one generation for Redis. */
    record Beat(long generation, List<SegmentBits> segments) {}

    private record Window(Generation last, Generation current, Generation next, long endsMicros) {}

    private volatile Window window =
            new Window(new Generation(-1), new Generation(0), new Generation(1), Long.MAX_VALUE);

    /** Notes a poll of the ticket's visitor at {@code nowMicros} of Redis' clock. */
    void mark(long ticket, long nowMicros) {
        Window w;
        do {
            w = window;
            (nowMicros < w.endsMicros ? w.current : w.next).mark(ticket);
        } while (!w.equals(window)); // a newer window may have taken over that generation before this mark
    }

    /** Follows Redis' generations. */
    void follow(long generation, long startMicros, long lengthMicros) {
        Window w = window;
        long ends = startMicros + lengthMicros;
        if (generation == w.current.number) {
            window = new Window(w.last, w.current, w.next, ends);
        } else if (generation == w.next.number) {
            window = new Window(w.current, w.next, new Generation(generation + 1), ends);
        } else {
            // Another line, or one that moved on without this process: all polls count for the present generation.
            Generation current = new Generation(generation);
            window = new Window(new Generation(generation - 1), current, new Generation(generation + 1), ends);
            // From here on, polls are marked in that window.
            current.takeOver(w.last, w.last.dirty);
            current.takeOver(w.current, w.current.segments.keySet());
            current.takeOver(w.next, w.next.segments.keySet());
        }
    }

    /** News that Redis has yet to be told: at most a slice of one generation. No segments if there is none. */
    Beat take() {
        Window w = window;
        Generation from = w.last.dirty.isEmpty() ? w.current : w.last;
        List<SegmentBits> bits = new ArrayList<>();
        for (Long segment : List.copyOf(from.dirty)) {
            if (bits.size() == RoomScripts.SLICE_SEGMENTS) {
                break;
            }
            from.dirty.remove(segment); // before the read: a mark after this makes it dirty again
            AtomicLongArray words = from.segments.get(segment);
            if (words != null) {
                bits.add(new SegmentBits(segment, bytes(words)));
            }
        }
        return new Beat(from.number, bits);
    }

    /** The beat failed: tell it again. */
    void giveBack(Beat beat) {
        Window w = window;
        for (Generation generation : List.of(w.last, w.current)) {
            if (generation.number == beat.generation) {
                beat.segments.forEach(bits -> generation.dirty.add(bits.segment()));
            }
        }
    }

    private static byte[] bytes(AtomicLongArray words) {
        ByteBuffer out = ByteBuffer.allocate(LineLayout.SEGMENT_BYTES);
        int used = 0;
        for (int i = 0; i < words.length(); i++) {
            long word = words.get(i);
            out.putLong(word);
            if (word != 0) {
                used = (i + 1) * Long.BYTES;
            }
        }
        return Arrays.copyOf(out.array(), used);
    }
}
