package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.Refusal;
import java.util.List;

/** Plans what a target needs, by the proxies that serve it. Pure. */
final class Planner {
    private Planner() {}

    /** A route that several proxies serve gets what each of them takes. One that cannot check refuses the whole. */
    static Planned plan(RouteCheck check, RouteTarget target, List<Proxy> proxies) {
        if (proxies.isEmpty()) {
            return new Refusal(
                    "NoController",
                    target.id() + " names no class that exists, so it is not known who serves it. Correct its "
                            + (target.id().kind() == ApiKind.INGRESS
                                    ? "spec.ingressClassName."
                                    : "Gateway and GatewayClass."));
        }
        Plan plan = Plan.NOTHING;
        for (Proxy proxy : proxies) {
            switch (writer(proxy.type()).plan(check, target, proxy)) {
                case Plan part -> plan = plan.and(part);
                case Refusal refusal -> {
                    return refusal;
                }
            }
        }
        return plan;
    }

    private static RouteWriter writer(Proxy.Type type) {
        return switch (type) {
            case ENVOY_GATEWAY -> new EnvoyGatewayWriter();
            case ISTIO -> new IstioWriter();
            case TRAEFIK -> new TraefikWriter();
            case INGRESS_NGINX -> new IngressNginxWriter();
            case GATEWAY_API -> new ExternalAuthWriter();
            case UNKNOWN -> Planner::unknown;
        };
    }

    private static Refusal unknown(RouteCheck check, RouteTarget target, Proxy proxy) {
        return new Refusal(
                "ControllerNotSupported",
                "It is not known how the controller " + proxy.controller()
                        + " asks another service. If it can, let it ask " + check.url(RouteCheck.Dialect.FORWARD)
                        + " by hand, and remove the target from spec.protect.targetRefs.");
    }
}
