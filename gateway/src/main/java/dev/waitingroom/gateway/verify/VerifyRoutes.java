package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Route;
import java.util.List;

/** The routes that proxies ask. */
public final class VerifyRoutes {
    private VerifyRoutes() {}

    public static List<Route> of(RouteCheck check) {
        return List.of(
                route("nginx", new CheckEndpoint(new NginxDialect(), check)),
                route("forward", new CheckEndpoint(new ForwardDialect(), check)),
                route("envoy", new CheckEndpoint(new EnvoyDialect(), check)));
    }

    private static Route route(String dialect, CheckEndpoint endpoint) {
        return Route.tree("/verify/" + dialect + "/{event_id}", endpoint);
    }
}
