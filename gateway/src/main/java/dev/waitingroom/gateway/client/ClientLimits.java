package dev.waitingroom.gateway.client;

/**
 * Limits for clients.
 *
 * @param requestsPerSecond polls a second from one address, and {@link RequestLimit#BURST_SECONDS} times as many at once; a write counts
 *     as four polls; 0 for no limit
 * @param proxies the proxies that may name the client
 * @param connections open connections of all clients together, without those of streams
 * @param streams open streams of all clients together
 */
public record ClientLimits(int requestsPerSecond, TrustedProxies proxies, int connections, int streams) {
    /**
     * Lets 5,000 visitors share an address, as on a campus or at a mobile carrier. All may join in the same second and then poll every
     * five seconds, the interval of a long wait.
     */
    public static final int REQUESTS_PER_SECOND = 1_000;

    /** The most that {@link #requestsPerSecond} may be. */
    public static final int MAX_REQUESTS_PER_SECOND = 1_000_000;

    /** A connection takes 5 KB, and 20 KB while a head arrives, so that these fit into the smallest pod. */
    public static final int CONNECTIONS = 10_000;

    /** A stream takes 10 KB ({@code StreamLoad}), so that these fit into the smallest pod, too. */
    public static final int STREAMS = 10_000;
}
