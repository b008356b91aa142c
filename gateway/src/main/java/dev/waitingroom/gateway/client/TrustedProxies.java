package dev.waitingroom.gateway.client;

import dev.waitingroom.queue.site.IpRange;
import java.util.List;
import java.util.Optional;

/**
 * Finds the client behind trusted proxies. It reads the header from its end, hop by hop, as long as the hop is a trusted proxy. The first
 * other address is the client. Entries that a client put into the header itself lie beyond, and are never read.
 *
 * @param ranges the addresses of trusted proxies; if there are none, the peer is the client
 */
public record TrustedProxies(List<IpRange> ranges, AddressHeader header) {
    /** Limits the work for a long header. Real chains of proxies are shorter. */
    private static final int MAX_HOPS = 16;

    private static final String HTTPS = "https";

    public TrustedProxies {
        ranges = List.copyOf(ranges);
    }

    public boolean none() {
        return ranges.isEmpty();
    }

    /** Whether this is the address of a trusted proxy. */
    public boolean trusts(IpAddress address) {
        return address.isIn(ranges);
    }

    /**
     * @param peer the address that opened the connection
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
                    return nearest; // the hop that wrote this is the last known one
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

    /**
     * Whether the client's request came over https, as a trusted proxy says. The first proxy terminates TLS, so the first value counts.
     *
     * @param peer the address that opened the connection
     * @param headers the values of the header that {@link AddressHeader#schemeHeader} names
     */
    public boolean secure(IpAddress peer, List<String> headers) {
        if (headers.isEmpty() || !trusts(peer)) {
            return false;
        }
        String first = headers.getFirst();
        int comma = first.indexOf(',');
        return HTTPS.equalsIgnoreCase(header.scheme(comma < 0 ? first : first.substring(0, comma)));
    }
}
