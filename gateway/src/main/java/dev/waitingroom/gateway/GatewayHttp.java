package dev.waitingroom.gateway;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.api.ApiRoutes;
import dev.waitingroom.gateway.api.Health;
import dev.waitingroom.gateway.api.InfoRoutes;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.gateway.http.ClientRateLimiter;
import dev.waitingroom.gateway.http.Cors;
import dev.waitingroom.gateway.http.EventStreams;
import dev.waitingroom.gateway.http.Fallback;
import dev.waitingroom.gateway.http.HttpLimits;
import dev.waitingroom.gateway.http.HttpPort;
import dev.waitingroom.gateway.http.PortException;
import dev.waitingroom.gateway.http.RequestOrigin;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.http.Router;
import dev.waitingroom.gateway.metrics.Metrics;
import dev.waitingroom.gateway.page.PageRoutes;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.gateway.upstream.Upstream;
import dev.waitingroom.gateway.verify.RouteCheck;
import dev.waitingroom.gateway.verify.VerifyRoutes;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.settings.SettingsException;
import dev.waitingroom.queue.ticket.TicketCodec;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The two ports of a gateway process: the API for visitors, and metrics and probes for operators. */
final class GatewayHttp {
    private static final int ADMIN_CONNECTIONS = 100;

    private GatewayHttp() {}

    /**
     * @param tokens the current codec of waiting tokens
     * @param sessions makes and checks the cookies of admitted visitors
     * @param keys the current reservation keys, for the JWKS
     */
    record Parts(
            RoomRegistry registry,
            Supplier<TicketCodec> tokens,
            SessionIssuer sessions,
            Supplier<ReservationKeys> keys,
            ReservationIssuer issuer,
            ReservationVerifier reservations,
            Metrics metrics,
            EventStreams streams,
            Health health,
            Build build,
            PageRoutes pages,
            InstantSource clock) {
        RouteCheck routeCheck() {
            return new RouteCheck(registry, sessions, reservations, metrics);
        }
    }

    /** Serves the API, with one event loop for each processor. Blocks until the port is open. */
    static HttpPort openPublic(Vertx vertx, Settings settings, Parts parts) {
        return openPublic(
                vertx, settings, parts, HttpLimits.of(settings.clients().connections(), settings.keepAlive()));
    }

    static HttpPort openPublic(Vertx vertx, Settings settings, Parts parts, HttpLimits limits) {
        Router router = new Router(
                publicRoutes(parts),
                new Cors(settings.origins()),
                new Upstream(
                        vertx,
                        settings.clients().connections(),
                        parts.registry(),
                        new RequestOrigin(settings.clients().proxies()),
                        parts.sessions(),
                        parts.metrics()),
                new ClientRateLimiter(settings.clients(), System::nanoTime),
                parts.metrics(),
                limits.body(),
                parts.health()::draining);
        int loops = Runtime.getRuntime().availableProcessors();
        return orSettingsError(() ->
                HttpPort.open(vertx, "HTTP_PORT", settings.bindAddress(), settings.httpPort(), loops, router, limits));
    }

    /** Every path of {@code openapi.yaml}. */
    static List<Route> publicRoutes(Parts parts) {
        ApiRoutes.Rooms rooms = ApiRoutes.Rooms.of(parts.registry(), parts.tokens(), parts.metrics(), parts.clock());
        List<Route> routes = new ArrayList<>(ApiRoutes.of(rooms, parts.issuer(), parts.sessions(), parts.streams()));
        routes.addAll(parts.pages().visitors(rooms, parts.sessions()));
        routes.addAll(VerifyRoutes.of(parts.routeCheck()));
        routes.addAll(InfoRoutes.published(parts.keys(), parts.build()));
        routes.addAll(InfoRoutes.probes(parts.health()));
        routes.add(InfoRoutes.root(parts.health()));
        return routes;
    }

    /** Serves metrics, probes and previews of pages. Blocks until the port is open. */
    static HttpPort openAdmin(Vertx vertx, Settings settings, Parts parts) {
        List<Route> routes = new ArrayList<>(InfoRoutes.probes(parts.health()));
        routes.addAll(parts.pages().previews());
        // Not on the event loop: a scrape of hundreds of rooms takes milliseconds.
        routes.add(Route.get(
                "/metrics",
                x -> x.await(
                        CompletableFuture.supplyAsync(parts.metrics()::scrape, Thread::startVirtualThread),
                        text -> x.answerText(Metrics.MEDIA_TYPE, Buffer.buffer(text)))));
        // Probes and scrapes are neither metered nor limited.
        HttpLimits limits = HttpLimits.of(ADMIN_CONNECTIONS, Settings.KEEP_ALIVE);
        Router router = new Router(
                routes,
                new Cors(WebOrigins.NONE),
                Fallback.NONE,
                new ClientRateLimiter(
                        new ClientLimits(0, settings.clients().proxies(), ADMIN_CONNECTIONS, 0), System::nanoTime),
                (route, method, status, nanos) -> {},
                limits.body(),
                () -> false);
        return orSettingsError(() ->
                HttpPort.open(vertx, "ADMIN_PORT", settings.bindAddress(), settings.adminPort(), 1, router, limits));
    }

    private static HttpPort orSettingsError(Supplier<HttpPort> open) {
        try {
            return open.get();
        } catch (PortException e) {
            throw new SettingsException(e.problem());
        }
    }
}
