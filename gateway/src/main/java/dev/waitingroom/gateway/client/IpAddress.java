package dev.waitingroom.gateway.client;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv6 address in two halves. An IPv4 address has its mapped form {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2), so that both spellings
 * are equal.
 */
public record IpAddress(long high, long low) {
    static final int BITS = 128;
    private static final long MAPPED = 0xffffL << 32;
    private static final int V4_BYTES = 4;

    /** @return empty if the text is not a numeric address; never looks up names */
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

    /** Whether this is an address of the Internet. It then stands for one client, one household, or one network. */
    public boolean isPublic() {
        return IpRange.isPublic(this);
    }

    /**
     * The key to count a client by: an IPv4 address, or an IPv6 network of 64 bits, since a subscriber gets at least that (RFC 6177). The
     * two kinds cannot be equal, since networks with the bits of the mapped prefix are reserved.
     */
    public long client() {
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
