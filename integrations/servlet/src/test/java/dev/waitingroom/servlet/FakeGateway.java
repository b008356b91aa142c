package dev.waitingroom.servlet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.waitingroom.gateway.admission.Crypto;
import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.queue.room.AdmitOutcome.Granted;
import dev.waitingroom.queue.ticket.Ticket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys as a gateway serves them, and reservations by the gateway's own issuer. */
final class FakeGateway implements AutoCloseable {
    static final String ISSUER = "shop/default";

    private final HttpServer server;
    final AtomicInteger fetches = new AtomicInteger();
    private volatile ReservationKeys keys;
    private volatile boolean down;

    FakeGateway(ECKey... first) {
        keys = keys(first);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/.well-known/jwks.json", exchange -> {
            fetches.incrementAndGet();
            byte[] body = down ? new byte[0] : keys.publicJson().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(down ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    static ECKey key(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    void serve(ECKey... now) {
        keys = keys(now);
    }

    void down(boolean is) {
        down = is;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The token of an admission, by the first of the keys. */
    String reservation(String room, Instant grantedAt, Duration ttl) {
        return reservation(ISSUER, room, grantedAt, ttl, keys);
    }

    static String reservation(String issuer, String room, Instant grantedAt, Duration ttl, ReservationKeys by) {
        Ticket ticket = new Ticket(room, 7, 1, grantedAt, Optional.empty());
        return new ReservationIssuer(issuer, () -> by, Runnable::run)
                .issue(ticket, new Granted(grantedAt, ttl))
                .toCompletableFuture()
                .join()
                .token();
    }

    static ReservationKeys keys(ECKey... keys) {
        return ReservationKeys.parse(new JWKSet(Arrays.asList(keys)).toString(false), new Crypto(Optional.empty()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
