package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds that are read or written to protect routes. Most of them exist only where their project's CRDs are installed. */
enum ApiKind {
    HTTP_ROUTE("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true),
    GATEWAY("gateway.networking.k8s.io", "v1", "Gateway", "gateways", true),
    GATEWAY_CLASS("gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", false),
    REFERENCE_GRANT("gateway.networking.k8s.io", "v1beta1", "ReferenceGrant", "referencegrants", true),
    INGRESS("networking.k8s.io", "v1", "Ingress", "ingresses", true),
    INGRESS_CLASS("networking.k8s.io", "v1", "IngressClass", "ingressclasses", false),
    SECURITY_POLICY("gateway.envoyproxy.io", "v1alpha1", "SecurityPolicy", "securitypolicies", true),
    MIDDLEWARE("traefik.io", "v1alpha1", "Middleware", "middlewares", true),
    AUTHORIZATION_POLICY("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies", true);

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;

    ApiKind(String group, String version, String kind, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    String group() {
        return group;
    }

    String kind() {
        return kind;
    }

    String plural() {
        return plural;
    }

    String apiVersion() {
        return group + "/" + version;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
