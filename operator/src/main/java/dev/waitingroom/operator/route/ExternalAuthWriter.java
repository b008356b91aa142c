package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.Refusal;
import dev.waitingroom.operator.route.RouteCheck.Dialect;
import java.util.List;
import java.util.Map;

/** Gateway API's own filter ExternalAuth (GEP-1494), for controllers without a policy of their own. */
final class ExternalAuthWriter implements RouteWriter {
    /** Its data plane is nginx, which passes only 401 and 403 on. */
    private static final String NGINX_GATEWAY_FABRIC = "gateway.nginx.org/nginx-gateway-controller";

    /** The gateway never sends it. An empty list would copy the headers of the check's answer to the service. */
    private static final String NO_HEADER = "waiting-room-none";

    @Override
    public Planned plan(RouteCheck check, RouteTarget target, Proxy proxy) {
        if (target.id().kind() != ApiKind.HTTP_ROUTE) {
            return new Refusal(
                    "TargetNotSupported",
                    "The controller " + proxy.controller()
                            + " takes checks on routes only. Name the HTTPRoutes of the Gateway in spec.protect.targetRefs instead.");
        }
        boolean nginx = proxy.controller().equals(NGINX_GATEWAY_FABRIC);
        Map<String, Object> http = Map.of(
                "path",
                check.path(nginx ? Dialect.NGINX : Dialect.ENVOY),
                "allowedHeaders",
                check.headers(),
                "allowedResponseHeaders",
                List.of(NO_HEADER));
        Map<String, Object> filter = Map.of(
                "type",
                "ExternalAuth",
                "externalAuth",
                Map.of("protocol", "HTTP", "backendRef", Backends.reference(check, target.id()), "http", http));
        var plan = Backends.grant(check, target.id(), ApiKind.HTTP_ROUTE).withFilter(filter);
        return nginx
                ? plan.withNote(
                        "NGINX Gateway Fabric answers 401 to visitors without admission, and cannot lead them to the page.")
                : plan;
    }
}
