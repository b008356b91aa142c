package dev.waitingroom.queue.site;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The service that a room protects.
 *
 * @param host the name or address that the gateway connects to
 * @param port 1..65535
 * @param hosts the hosts that visitors name, in lower case; {@code *.shop.example} for all below; none for every host
 */
public record Protection(
        String host, int port, List<String> hosts, PathRules paths, BypassRules bypass, UpstreamLimits limits) {
    private static final String WILDCARD = "*.";

    public Protection {
        if (host.isEmpty() || port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("a service has a host and a port, not " + host + ":" + port);
        }
        hosts = List.copyOf(hosts);
    }

    /** How well a host fits. */
    public enum Match {
        NONE,
        ANY_HOST,
        WILDCARD,
        EXACT
    }

    /**
     * Whether the room protects this host.
     *
     * @param hostHeader as in the request, perhaps with a port
     */
    public Match matches(String hostHeader) {
        if (hosts.isEmpty()) {
            return Match.ANY_HOST;
        }
        String name = withoutPort(hostHeader).toLowerCase(Locale.ROOT);
        if (hosts.contains(name)) {
            return Match.EXACT;
        }
        return hosts.stream().anyMatch(pattern -> pattern.startsWith(WILDCARD) && name.endsWith(pattern.substring(1)))
                ? Match.WILDCARD
                : Match.NONE;
    }

    private static String withoutPort(String hostHeader) {
        int colon = hostHeader.lastIndexOf(':');
        return colon < 0 || hostHeader.endsWith("]") ? hostHeader : hostHeader.substring(0, colon);
    }

    /**
     * Times and sizes of requests.
     *
     * @param connect how long a connection may take
     * @param response how long the service may take to answer, and be silent in the middle of a body
     * @param bodyBytes the largest body of a request
     */
    public record UpstreamLimits(Duration connect, Duration response, long bodyBytes) {
        static final UpstreamLimits DEFAULT =
                new UpstreamLimits(Duration.ofSeconds(5), Duration.ofSeconds(60), 1L << 30);

        public UpstreamLimits {
            if (!connect.isPositive() || !response.isPositive() || bodyBytes < 0) {
                throw new IllegalArgumentException("the limits of a service must be positive");
            }
        }
    }
}
