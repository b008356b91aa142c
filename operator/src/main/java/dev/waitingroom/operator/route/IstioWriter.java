package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.Refusal;
import dev.waitingroom.operator.route.RouteCheck.Dialect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Istio: an AuthorizationPolicy on a Gateway, for all hosts or those of an HTTPRoute. It names a provider that only the mesh's configuration
 * can define.
 */
final class IstioWriter implements RouteWriter {
    /** The gateway serves these itself on the visitor's host. */
    private static final List<String> OPEN_PATHS = List.of("/waiting/*", "/api/v1/queue/*");

    @Override
    public Planned plan(RouteCheck check, RouteTarget target, Proxy proxy) {
        TargetId gateway = proxy.gateway().orElse(target.id());
        List<String> hosts =
                target.id().kind() == ApiKind.HTTP_ROUTE ? Trees.texts(target.tree(), "spec", "hostnames") : List.of();
        if (target.id().kind() == ApiKind.HTTP_ROUTE) {
            if (!gateway.namespace().equals(target.id().namespace())) {
                return new Refusal(
                        "TargetNotSupported",
                        "Istio checks on Gateways only, and the one of this route, " + gateway
                                + ", is in another namespace. Name the Gateway in spec.protect.targetRefs instead.");
            }
            if (hosts.isEmpty()) {
                return new Refusal(
                        "TargetNotSupported",
                        "Istio checks on Gateways only, and this route has no spec.hostnames that select its requests there. Add them, or name "
                                + gateway + " in spec.protect.targetRefs instead.");
            }
        }
        var operation = new TreeMap<String, Object>(Map.of("notPaths", OPEN_PATHS));
        if (!hosts.isEmpty()) {
            // Istio compares the port, too, if the browser sends one.
            operation.put(
                    "hosts",
                    hosts.stream().flatMap(host -> Stream.of(host, host + ":*")).toList());
        }
        Map<String, Object> spec = Map.of(
                "targetRefs",
                List.of(Map.of(
                        "group", gateway.kind().group(), "kind", gateway.kind().kind(), "name", gateway.name())),
                "action",
                "CUSTOM",
                "provider",
                Map.of("name", provider(check)),
                "rules",
                List.of(Map.of("to", List.of(Map.of("operation", operation)))));
        return Plan.of(OwnObject.of(ApiKind.AUTHORIZATION_POLICY, gateway.namespace(), check, target.id(), spec))
                .withNote(meshConfig(check));
    }

    private static String provider(RouteCheck check) {
        return "waitingroom." + check.namespace() + "." + check.room();
    }

    /** Istio's own default for the timeout is ten minutes. Headers of the answer need no list: by default the visitor gets all. */
    private static String meshConfig(RouteCheck check) {
        return """
                Istio refuses all requests until meshConfig.extensionProviders has this entry, which the operator cannot see or write:
                - name: %s
                  envoyExtAuthzHttp:
                    service: %s
                    port: %d
                    pathPrefix: %s
                    timeout: %s
                    failOpen: false
                    includeRequestHeadersInCheck: [%s]""".formatted(
                        provider(check),
                        check.host(),
                        RouteCheck.PORT,
                        check.path(Dialect.ENVOY),
                        RouteCheck.TIMEOUT,
                        String.join(", ", check.headers()));
    }
}
