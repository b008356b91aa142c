package dev.waitingroom.queue.site;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Addresses that share a prefix (CIDR, RFC 4632). An IPv4 address has its mapped form {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2), so that
 * both spellings are equal.
 *
 * @param high the upper half of the prefix
 * @param low its lower half
 * @param bits length of the prefix, 0..128; that of an IPv4 range has 96 added
 */
public record IpRange(long high, long low, int bits) {
    private static final long MAPPED = 0xffffL << 32;
    private static final int V4_BYTES = 4;
    private static final int V4_OFFSET = 96;
    private static final int BITS = 128;

    /**
     * @param text such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @throws IllegalArgumentException if it is neither
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        IpRange address = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is neither an address nor a CIDR range such as 192.0.2.0/24"));
        if (slash < 0) {
            return address;
        }
        int offset = address.isV4() && text.indexOf(':') < 0 ? V4_OFFSET : 0;
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) + offset > BITS) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length from 0 to " + (BITS - offset));
        }
        return new IpRange(address.high, address.low, Integer.parseInt(length) + offset);
    }

    /** The range of one address. Empty if the text is not a numeric address; never looks up names. */
    public static Optional<IpRange> address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return Optional.of(
                bytes.length == V4_BYTES
                        ? new IpRange(0, MAPPED | Integer.toUnsignedLong(in.getInt()), BITS)
                        : new IpRange(in.getLong(), in.getLong(), BITS));
    }

    /** Whether an address of these two halves has the prefix. */
    public boolean contains(long addressHigh, long addressLow) {
        return ((addressHigh ^ high) & mask(bits)) == 0 && ((addressLow ^ low) & mask(bits - Long.SIZE)) == 0;
    }

    /** A mask of the upper {@code bits} of 64: no bit if {@code bits} is below 1, all bits if it is above 63. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }

    private boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** In CIDR notation, as {@link #parse} reads it. */
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low);
        return isV4() && bits >= V4_OFFSET
                ? NetUtil.bytesToIpAddress(bytes.array(), bytes.capacity() - V4_BYTES, V4_BYTES) + "/"
                        + (bits - V4_OFFSET)
                : NetUtil.bytesToIpAddress(bytes.array()) + "/" + bits;
    }
}
