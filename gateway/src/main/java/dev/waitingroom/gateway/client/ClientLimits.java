package dev.waitingroom.gateway.client;

/**
 * What one client may take.
 *
 * @param requestsPerSecond polls a second from one address, {@link RequestLimit#BURST_SECONDS} as many at once; what is written counts as
 *     four of them; 0 for no limit
 * @param proxies who may say for whom they ask
 * @param connections open at once, of all clients together
 */
public record ClientLimits(int requestsPerSecond, TrustedProxies proxies, int connections) {
    /**
     * 5,000 visitors may share an address (a campus, a mobile carrier): all of them may join in the same second, and then poll every five
     * seconds, as those do who have long to wait.
     */
    public static final int REQUESTS_PER_SECOND = 1_000;

    /** The most that {@link #requestsPerSecond} may be. */
    public static final int MAX_REQUESTS_PER_SECOND = 1_000_000;

    /** At 5 KB each, and 20 while a head is under way, they fit into the smallest pod. */
    public static final int CONNECTIONS = 10_000;
}
