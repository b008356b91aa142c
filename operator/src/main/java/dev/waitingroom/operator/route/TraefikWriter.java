package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.Refusal;
import dev.waitingroom.operator.route.Planned.TargetAnnotation;
import dev.waitingroom.operator.route.RouteCheck.Dialect;
import java.util.Map;

/** Traefik: a Middleware, named by an annotation of the Ingress or by a filter of the HTTPRoute. */
final class TraefikWriter implements RouteWriter {
    private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";

    @Override
    public Planned plan(RouteCheck check, RouteTarget target, Proxy proxy) {
        TargetId id = target.id();
        Plan middleware = Plan.of(OwnObject.of(ApiKind.MIDDLEWARE, id.namespace(), check, id, spec(check)));
        String name = RouteNames.object(check, id);
        return switch (id.kind()) {
            case INGRESS ->
                middleware.with(
                        new TargetAnnotation(MIDDLEWARES, id.namespace() + "-" + name + "@kubernetescrd", true));
            case HTTP_ROUTE ->
                middleware.withFilter(Map.of(
                        "type",
                        "ExtensionRef",
                        "extensionRef",
                        Map.of("group", ApiKind.MIDDLEWARE.group(), "kind", ApiKind.MIDDLEWARE.kind(), "name", name)));
            default ->
                new Refusal(
                        "TargetNotSupported",
                        "Traefik takes no check on a Gateway. Name its HTTPRoutes in spec.protect.targetRefs instead.");
        };
    }

    private static Map<String, Object> spec(RouteCheck check) {
        return Map.of(
                "forwardAuth",
                Map.of(
                        "address",
                        check.url(Dialect.FORWARD),
                        "authRequestHeaders",
                        // Not X-Forwarded-Uri and -Method: Traefik then sets them to what it received.
                        check.headers(),
                        // Otherwise Traefik puts its own host before the path of the page.
                        "preserveLocationHeader",
                        true,
                        // The entry point removes these headers unless a trusted proxy sent them.
                        "trustForwardHeader",
                        true));
    }
}
