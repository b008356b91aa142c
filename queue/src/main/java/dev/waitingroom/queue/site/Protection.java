package dev.waitingroom.queue.site;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a room protects, and from whom.
 *
 * @param service what the gateway stands in front of; empty if other proxies do that, and ask the gateway
 * @param hosts the hosts that visitors name, in lower case; {@code *.shop.example} for all below; none for every host
 * @param limits of requests to the service
 */
public record Protection(
        Optional<Service> service, List<String> hosts, PathRules paths, BypassRules bypass, UpstreamLimits limits) {
    /** Of a room that says nothing: all paths, from everyone without admission. */
    public static final Protection DEFAULT =
            new Protection(Optional.empty(), List.of(), PathRules.ALL, BypassRules.NOBODY, UpstreamLimits.DEFAULT);

    private static final String WILDCARD = "*.";

    public Protection {
        hosts = List.copyOf(hosts);
    }

    /**
     * A service that the gateway connects to.
     *
     * @param host a name or an address
     * @param port 1..65535
     */
    public record Service(String host, int port) {
        public Service {
            if (host.isEmpty() || port < 1 || port > 0xffff) {
                throw new IllegalArgumentException("a service has a host and a port, not " + host + ":" + port);
            }
        }
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
