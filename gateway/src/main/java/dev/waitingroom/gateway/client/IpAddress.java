package dev.waitingroom.gateway.client;

import dev.waitingroom.queue.site.IpRange;
import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An IPv6 address in two halves. An IPv4 address has its mapped form {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2), so that both spellings
 * are equal.
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffffL << 32;

    /** Ranges that are not on the Internet (RFC 6890). Such an address may be a proxy and stand for all visitors. */
    private static final List<IpRange> NOT_PUBLIC = Stream.of(
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "fc00::/7",
                    "fe80::/10",
                    "::1")
            .map(IpRange::parse)
            .toList();

    /** @return empty if the text is not a numeric address; never looks up names */
    public static Optional<IpAddress> parse(String text) {
        return IpRange.address(text).map(range -> new IpAddress(range.high(), range.low()));
    }

    boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** Whether this is an address of the Internet. It then stands for one client, one household, or one network. */
    public boolean isPublic() {
        return !isIn(NOT_PUBLIC);
    }

    /** Whether one of the ranges has this address. */
    public boolean isIn(List<IpRange> ranges) {
        for (IpRange range : ranges) {
            if (range.contains(high, low)) {
                return true;
            }
        }
        return false;
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
