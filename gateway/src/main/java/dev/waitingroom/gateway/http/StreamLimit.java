package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.IpAddress;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the open streams, in all and of each client. As for {@link ClientRateLimiter}, only public addresses stand for one client.
 * Thread-safe.
 */
final class StreamLimit {
    /** As many visitors may share an address as could poll every five seconds, the interval of a long wait. */
    private static final int STREAMS_FOR_A_POLL_PER_SECOND = 5;

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final RequestOrigin origin;
    private final int max;
    private final int maxOfClient;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Long, Integer> ofClients = new ConcurrentHashMap<>();

    StreamLimit(ClientLimits limits) {
        this.origin = new RequestOrigin(limits.proxies());
        this.max = limits.streams();
        this.maxOfClient = limits.requestsPerSecond() == 0
                ? Integer.MAX_VALUE
                : limits.requestsPerSecond() * STREAMS_FOR_A_POLL_PER_SECOND;
    }

    /**
     * Takes one of the streams that may be open.
     *
     * @return gives it back; to be run once
     * @throws ProblemException if too many are open
     */
    Runnable take(HttpServerRequest request) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            throw Problem.retry(
                            HttpProblem.TOO_MANY_STREAMS,
                            "this gateway process has reached its limit of streams; poll the status instead",
                            RETRY)
                    .exception();
        }
        Optional<Long> client =
                origin.client(request).filter(IpAddress::isPublic).map(IpAddress::client);
        if (client.isPresent() && ofClients.merge(client.get(), 1, Integer::sum) > maxOfClient) {
            giveBack(client);
            throw Problem.retry(
                            HttpProblem.RATE_LIMITED,
                            "this address has " + maxOfClient + " streams open; poll the status instead",
                            RETRY)
                    .exception();
        }
        return () -> giveBack(client);
    }

    private void giveBack(Optional<Long> client) {
        open.decrementAndGet();
        client.ifPresent(key -> {
            ofClients.merge(key, -1, Integer::sum);
            ofClients.remove(key, 0);
        });
    }
}
