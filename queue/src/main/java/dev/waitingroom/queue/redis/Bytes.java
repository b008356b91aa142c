package dev.waitingroom.queue.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Arguments and replies as bytes: decimal text, and packed big-endian numbers. */
final class Bytes {
    static final byte[] EMPTY = {};

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] of(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    static byte[] pack(long[] numbers) {
        var packed = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            packed.putLong(number);
        }
        return packed.array();
    }

    static long[] unpack(byte[] packed, int offset) {
        var numbers = new long[(packed.length - offset) / Long.BYTES];
        ByteBuffer.wrap(packed, offset, packed.length - offset).asLongBuffer().get(numbers);
        return numbers;
    }
}
