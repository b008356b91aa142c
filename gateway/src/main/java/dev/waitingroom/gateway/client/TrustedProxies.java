package dev.waitingroom.gateway.client;

import java.util.List;
import java.util.Optional;

/**
 * Finds the client behind proxies: what the peer says is believed if the peer is one of ours, what that hop was told if it is one too, and
 * so on; the first that is not ours is the client. What a client puts into the header itself lies beyond, and is never read.
 *
 * @param ranges where our proxies are; without any, the peer is the client
 */
public record TrustedProxies(List<IpRange> ranges, AddressHeader header) {
    /** More hops than that are nobody's own proxies. */
    private static final int MAX_HOPS = 16;

    public TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    public boolean none() {
        return ranges.isEmpty();
    }

    /** Whether the header is worth reading. */
    public boolean trusts(IpAddress address) {
        for (IpRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param peer who opened the connection
     * @param headers the header's values in the order in which they came
     */
    public IpAddress client(IpAddress peer, List<String> headers) {
        IpAddress nearest = peer;
        if (!trusts(peer)) {
            return nearest;
        }
        int hops = 0;
        for (String value : headers.reversed()) {
            int end = value.length();
            while (end >= 0 && hops++ < MAX_HOPS) {
                int comma = value.lastIndexOf(',', end - 1);
                Optional<IpAddress> said = IpAddress.parse(header.address(value.substring(comma + 1, end)));
                if (said.isEmpty()) {
                    return nearest; // whoever wrote that is as far as we can see
                }
                nearest = said.get();
                if (!trusts(nearest)) {
                    return nearest;
                }
                end = comma;
            }
        }
        return nearest;
    }
}
