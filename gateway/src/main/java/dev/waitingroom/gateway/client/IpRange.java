package dev.waitingroom.gateway.client;

import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that share a prefix (CIDR, RFC 4632).
 *
 * @param bits length of the prefix, 0..128; that of an IPv4 range has 96 added
 */
public record IpRange(IpAddress prefix, int bits) {
    private static final int V4_OFFSET = 96;

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

    /**
     * @param text such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address
     * @throws IllegalArgumentException if it is neither
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(
                        () -> new IllegalArgumentException("\"" + text + "\" is neither an address nor a CIDR range"));
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

    /** Whether this is an address of the Internet. */
    static boolean isPublic(IpAddress address) {
        for (IpRange range : NOT_PUBLIC) {
            if (range.contains(address)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the address has the prefix. */
    public boolean contains(IpAddress address) {
        return ((address.high() ^ prefix.high()) & mask(bits)) == 0
                && ((address.low() ^ prefix.low()) & mask(bits - Long.SIZE)) == 0;
    }

    /** A mask of the upper {@code bits} of 64: no bit if {@code bits} is below 1, all bits if it is above 63. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }
}
