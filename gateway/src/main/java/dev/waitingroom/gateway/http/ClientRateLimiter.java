package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.client.RequestLimit;
import dev.waitingroom.gateway.client.TrustedProxies;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a request pass or not, by what its client asked before. What is read comes from memory; what is written takes part in a batch to
 * Redis; a wrong token is a signature checked for nobody. Thread-safe.
 *
 * <p>Only public addresses are held to a limit. A private one is an ingress, or a node that translates addresses, that nobody has named
 * as a proxy to trust: all visitors in one.
 */
public final class ClientRateLimiter {
    static final int READ = 1;
    static final int WRITE = 4;
    static final int WRONG_TOKEN = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(ClientRateLimiter.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final TrustedProxies proxies;
    private final Optional<RequestLimit> limit;
    private final ThrottledLogger log;

    /** @param nanoTime a clock that never goes back, ns */
    public ClientRateLimiter(ClientLimits limits, LongSupplier nanoTime) {
        this.proxies = limits.proxies();
        this.limit = limits.requestsPerSecond() == 0
                ? Optional.empty()
                : Optional.of(new RequestLimit(limits.requestsPerSecond(), nanoTime));
        this.log = new ThrottledLogger(LOGGER, LOG_INTERVAL, nanoTime);
    }

    /** @throws ProblemException if the client has asked too much */
    void admit(HttpServerRequest request, Exchange exchange) {
        limit.ifPresent(buckets -> limited(request)
                .ifPresent(client -> take(buckets, client, reads(request.method()) ? READ : WRITE, exchange)));
    }

    /**
     * The same for what is no HTTP, and costs a connection. Whom a proxy passes it on for cannot be read: there it is nobody's.
     *
     * @throws ProblemException if the client has asked too much
     */
    void admitJunk(HttpServerRequest request, Exchange exchange) {
        limit.ifPresent(buckets -> peer(request)
                .filter(address -> !proxies.trusts(address) && address.isPublic())
                .ifPresent(client -> take(buckets, client, WRITE, exchange)));
    }

    /** The request's token was not one of ours. */
    void wrongToken(HttpServerRequest request) {
        limit.ifPresent(buckets -> limited(request).ifPresent(client -> buckets.charge(client, WRONG_TOKEN)));
    }

    private void take(RequestLimit buckets, IpAddress client, int units, Exchange exchange) {
        long nanos = buckets.take(client, units);
        if (nanos != RequestLimit.GRANTED) {
            logRefusal(client, exchange);
            throw Problem.retry(
                            HttpProblem.RATE_LIMITED,
                            "ask less often, by poll_after_ms; places are kept",
                            Duration.ofNanos(nanos))
                    .exception();
        }
    }

    private Optional<IpAddress> limited(HttpServerRequest request) {
        return peer(request)
                .map(address -> proxies.trusts(address)
                        ? proxies.client(
                                address,
                                request.headers().getAll(proxies.header().header()))
                        : address)
                .filter(IpAddress::isPublic);
    }

    private static Optional<IpAddress> peer(HttpServerRequest request) {
        SocketAddress peer = request.connection().remoteAddress();
        return Optional.ofNullable(peer == null ? null : peer.hostAddress()).flatMap(IpAddress::parse);
    }

    private static boolean reads(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    private void logRefusal(IpAddress client, Exchange exchange) {
        log.atWarn()
                .addKeyValue(HttpLogKeys.CLIENT_ADDRESS, client)
                .addKeyValue(HttpLogKeys.TRACE_ID, exchange::traceId)
                .log("a client asks too much");
    }
}
