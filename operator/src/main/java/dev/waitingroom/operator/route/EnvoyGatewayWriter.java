package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.RouteCheck.Dialect;
import java.util.List;
import java.util.Map;

/** Envoy Gateway: a SecurityPolicy for an HTTPRoute or a Gateway. */
final class EnvoyGatewayWriter implements RouteWriter {
    @Override
    public Plan plan(RouteCheck check, RouteTarget target, Proxy proxy) {
        TargetId id = target.id();
        Map<String, Object> http =
                Map.of("path", check.path(Dialect.ENVOY), "backendRefs", List.of(Backends.reference(check, id)));
        Map<String, Object> spec = Map.of(
                "targetRefs",
                List.of(Map.of("group", id.kind().group(), "kind", id.kind().kind(), "name", id.name())),
                "extAuth",
                Map.of(
                        "failOpen",
                        false,
                        "timeout",
                        RouteCheck.TIMEOUT,
                        "headersToExtAuth",
                        check.headers(),
                        "http",
                        http));
        return Plan.of(OwnObject.of(ApiKind.SECURITY_POLICY, id.namespace(), check, id, spec))
                .and(Backends.grant(check, id, ApiKind.SECURITY_POLICY));
    }
}
