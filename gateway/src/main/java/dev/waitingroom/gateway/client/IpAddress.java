package dev.waitingroom.gateway.client;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv6 address in two halves; an IPv4 address as its mapped form {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2), so that both spellings
 * of one are equal.
 */
public record IpAddress(long high, long low) {
    static final int BITS = 128;
    private static final long MAPPED = 0xffffL << 32;
    private static final int V4_BYTES = 4;

    /** @return empty where the text is no numeric address; names are never looked up */
    public static Optional<IpAddress> parse(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return Optional.of(
                bytes.length == V4_BYTES
                        ? new IpAddress(0, MAPPED | Integer.toUnsignedLong(in.getInt()))
                        : new IpAddress(in.getLong(), in.getLong()));
    }

    boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** Whether it is one of the Internet's, and so stands for one client, one household, or one network's visitors. */
    public boolean isPublic() {
        return IpRange.isPublic(this);
    }

    /**
     * Whom to count: an IPv4 address, or an IPv6 network of 64 bits, since that much is given to one subscriber at least (RFC 6177). The
     * two kinds do not meet: a network that begins with the mapped prefix's bits is reserved.
     */
    long client() {
        return isV4() ? low : high;
    }

    @Override
    public String toString() {
        if (isV4()) {
            return (low >>> 24 & 0xff) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
        }
        return NetUtil.bytesToIpAddress(
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array());
    }
}
