package dev.waitingroom.queue.line;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bits of {@link LineLayout#SEGMENT_TICKETS} tickets, immutable. In Redis' bit order ticket 0 is the most significant bit of byte 0,
 * so bytes go to and from Redis unchanged.
 */
final class Segment {
    static final int TICKETS = LineLayout.SEGMENT_TICKETS;
    static final int BYTES = LineLayout.SEGMENT_BYTES;
    static final Segment EMPTY = new Segment(new long[TICKETS / Long.SIZE]);

    private final long[] words;
    private final int count;

    private Segment(long[] words) {
        this.words = words;
        int ones = 0;
        for (long word : words) {
            ones += Long.bitCount(word);
        }
        this.count = ones;
    }

    /** Bytes that are missing at the end are zero. */
    static Segment of(byte[] bytes) {
        if (bytes.length > BYTES) {
            throw new IllegalArgumentException("a segment has at most " + BYTES + " bytes, not " + bytes.length);
        }
        long[] words = new long[TICKETS / Long.SIZE];
        ByteBuffer.wrap(Arrays.copyOf(bytes, BYTES)).asLongBuffer().get(words);
        return new Segment(words);
    }

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }

    int count() {
        return count;
    }

    boolean get(int offset) {
        return (words[offset >>> 6] & mask(offset)) != 0;
    }

    /** How many ones stand before {@code offset}, 0..{@link #TICKETS}. */
    int rank(int offset) {
        int last = offset >>> 6;
        int ones = 0;
        for (int i = 0; i < last; i++) {
            ones += Long.bitCount(words[i]);
        }
        int rest = offset & 63;
        return rest == 0 ? ones : ones + Long.bitCount(words[last] >>> (64 - rest));
    }

    Segment and(Segment other) {
        long[] both = words.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] &= other.words[i];
        }
        return new Segment(both);
    }

    Editor edit() {
        return new Editor(words.clone());
    }

    private static long mask(int offset) {
        return Long.MIN_VALUE >>> (offset & 63);
    }

    /** A copy that may be written to until it is built. */
    static final class Editor {
        private final long[] words;

        private Editor(long[] words) {
            this.words = words;
        }

        void set(int offset) {
            words[offset >>> 6] |= mask(offset);
        }

        void clear(int offset) {
            words[offset >>> 6] &= ~mask(offset);
        }

        Segment build() {
            return new Segment(words);
        }
    }
}
