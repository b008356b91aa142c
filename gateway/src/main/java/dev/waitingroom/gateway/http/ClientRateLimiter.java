package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.client.RequestLimit;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the rate of requests for each client. A read costs least, since memory answers it. A write takes part in a batch to Redis, and a
 * wrong token wastes the check of a signature. Thread-safe.
 *
 * <p>Only public addresses have a limit. A private address may be an ingress that is not among the trusted proxies, or a node that
 * translates addresses. It then stands for all visitors.
 */
public final class ClientRateLimiter {
    static final int READ = 1;
    static final int WRITE = 4;
    static final int WRONG_TOKEN = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(ClientRateLimiter.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final RequestOrigin origin;
    private final Optional<RequestLimit> limit;
    private final ThrottledLogger log;

    /** @param nanoTime a clock that never goes back, ns */
    public ClientRateLimiter(ClientLimits limits, LongSupplier nanoTime) {
        this.origin = new RequestOrigin(limits.proxies());
        this.limit = limits.requestsPerSecond() == 0
                ? Optional.empty()
                : Optional.of(new RequestLimit(limits.requestsPerSecond(), nanoTime));
        this.log = new ThrottledLogger(LOGGER, LOG_INTERVAL, nanoTime);
    }

    /** Tells where requests come from. */
    RequestOrigin origin() {
        return origin;
    }

    /** @throws ProblemException if the client has exceeded its rate limit */
    void admit(HttpServerRequest request, Exchange exchange) {
        limit.ifPresent(buckets -> limited(request)
                .ifPresent(client -> take(buckets, client, reads(request.method()) ? READ : WRITE, exchange)));
    }

    /**
     * Charges malformed requests to the peer address. Behind a trusted proxy the client is unknown, so nobody is charged.
     *
     * @throws ProblemException if the peer has exceeded its rate limit
     */
    void admitMalformed(HttpServerRequest request, Exchange exchange) {
        limit.ifPresent(buckets -> origin.peer(request)
                .filter(address -> !origin.proxies().trusts(address) && address.isPublic())
                .ifPresent(client -> take(buckets, client, WRITE, exchange)));
    }

    /** Charges the client for an invalid token. */
    void chargeWrongToken(HttpServerRequest request) {
        limit.ifPresent(buckets -> limited(request).ifPresent(client -> buckets.charge(client, WRONG_TOKEN)));
    }

    private void take(RequestLimit buckets, IpAddress client, int units, Exchange exchange) {
        long nanos = buckets.take(client, units);
        if (nanos != RequestLimit.GRANTED) {
            logRefusal(client, exchange);
            throw Problem.retry(
                            HttpProblem.RATE_LIMITED,
                            "rate limit exceeded; poll after poll_after_ms; places are kept",
                            Duration.ofNanos(nanos))
                    .exception();
        }
    }

    private Optional<IpAddress> limited(HttpServerRequest request) {
        return origin.client(request).filter(IpAddress::isPublic);
    }

    private static boolean reads(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    private void logRefusal(IpAddress client, Exchange exchange) {
        log.atWarn()
                .addKeyValue(HttpLogKeys.CLIENT_ADDRESS, client)
                .addKeyValue(HttpLogKeys.TRACE_ID, exchange::traceId)
                .log("rate limit exceeded");
    }
}
