package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the proxies that serve a target: from a route to its Gateways, and from these and Ingresses to their classes. */
record ProxyFinder(RouteApi api) {
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

    /** Empty if no class that exists says who serves it. */
    List<Proxy> find(RouteTarget target) {
        return switch (target.id().kind()) {
            case HTTP_ROUTE ->
                Trees.list(target.tree(), "spec", "parentRefs").stream()
                        .filter(ProxyFinder::isGateway)
                        .map(parent -> new TargetId(
                                ApiKind.GATEWAY,
                                Trees.text(parent, "namespace")
                                        .orElse(target.id().namespace()),
                                Trees.text(parent, "name").orElse("")))
                        .distinct()
                        .flatMap(gateway -> api.get(ApiKind.GATEWAY, gateway.namespace(), gateway.name()).stream()
                                .flatMap(object -> proxy(gateway, object).stream()))
                        .toList();
            case GATEWAY -> proxy(target.id(), target.object()).stream().toList();
            default ->
                ingressClass(target.object()).stream()
                        .flatMap(name -> api.get(ApiKind.INGRESS_CLASS, "", name).stream())
                        .flatMap(found -> Trees.text(found.getAdditionalProperties(), "spec", "controller").stream())
                        .map(Proxy::ofIngress)
                        .toList();
        };
    }

    private static boolean isGateway(Object parent) {
        return Trees.text(parent, "kind").orElse(ApiKind.GATEWAY.kind()).equals(ApiKind.GATEWAY.kind())
                && Trees.text(parent, "group").orElse(ApiKind.GATEWAY.group()).equals(ApiKind.GATEWAY.group());
    }

    private Optional<Proxy> proxy(TargetId gateway, GenericKubernetesResource object) {
        return Trees.text(object.getAdditionalProperties(), "spec", "gatewayClassName")
                .flatMap(name -> api.get(ApiKind.GATEWAY_CLASS, "", name))
                .flatMap(found -> Trees.text(found.getAdditionalProperties(), "spec", "controllerName"))
                .map(controller -> Proxy.ofGateway(controller, gateway));
    }

    private Optional<String> ingressClass(GenericKubernetesResource ingress) {
        return Trees.text(ingress.getAdditionalProperties(), "spec", "ingressClassName")
                .or(() -> annotation(ingress, CLASS_ANNOTATION))
                .or(() -> api.list(ApiKind.INGRESS_CLASS).stream()
                        .filter(found -> annotation(found, DEFAULT_CLASS)
                                .filter("true"::equals)
                                .isPresent())
                        .map(found -> found.getMetadata().getName())
                        .findFirst());
    }

    private static Optional<String> annotation(GenericKubernetesResource object, String name) {
        return Optional.ofNullable(object.getMetadata().getAnnotations())
                .map((Map<String, String> annotations) -> annotations.get(name));
    }
}
