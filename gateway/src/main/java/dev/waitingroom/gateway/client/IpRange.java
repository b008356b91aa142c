package dev.waitingroom.gateway.client;

import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that share a prefix (CIDR, RFC 4632).
 *
 * @param bits of the prefix, 0..128; those of an IPv4 range count from 96
 */
public record IpRange(IpAddress prefix, int bits) {
    private static final int V4_OFFSET = 96;

    /** Not seen on the Internet (RFC 6890): inside a cluster or a company, where one address may stand for all visitors. */
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

    /**
     * @param text such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @throws IllegalArgumentException where it is no such thing
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no address and no CIDR range"));
        if (slash < 0) {
            return new IpRange(address, IpAddress.BITS);
        }
        int offset = address.isV4() && text.indexOf(':') < 0 ? V4_OFFSET : 0;
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) + offset > IpAddress.BITS) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no prefix length from 0 to " + (IpAddress.BITS - offset));
        }
        return new IpRange(address, Integer.parseInt(length) + offset);
    }

    /** Whether the address is one of the Internet's. */
    static boolean isPublic(IpAddress address) {
        for (IpRange range : NOT_PUBLIC) {
            if (range.contains(address)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(IpAddress address) {
        return ((address.high() ^ prefix.high()) & mask(bits)) == 0
                && ((address.low() ^ prefix.low()) & mask(bits - Long.SIZE)) == 0;
    }

    /** The upper {@code bits} of 64; none where there are fewer than one, all where there are more. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }
}
