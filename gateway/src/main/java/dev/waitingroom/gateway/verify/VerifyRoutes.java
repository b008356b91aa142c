package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.gateway.protect.Gatekeeper;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.room.RoomRegistry;
import java.util.List;

/** The routes that proxies ask. */
public final class VerifyRoutes {
    private VerifyRoutes() {}

    public static List<Route> of(
            RoomRegistry registry, SessionIssuer sessions, ReservationVerifier reservations, CallMeter meter) {
        RouteCheck check = new RouteCheck(new Gatekeeper(sessions, registry::sinceRedisAnswered), reservations, meter);
        return List.of(
                route("nginx", new CheckEndpoint(new NginxDialect(), registry, check, sessions)),
                route("forward", new CheckEndpoint(new ForwardDialect(), registry, check, sessions)),
                route("envoy", new CheckEndpoint(new EnvoyDialect(), registry, check, sessions)));
    }

    private static Route route(String dialect, CheckEndpoint endpoint) {
        return Route.tree("/verify/" + dialect + "/{event_id}", endpoint);
    }
}
