package dev.waitingroom.operator.route;

import java.util.Optional;

/**
 * A proxy that serves a target.
 *
 * @param controller its controller, as the GatewayClass or IngressClass names it
 * @param gateway the Gateway that it runs for; empty for an Ingress
 */
record Proxy(Type type, String controller, Optional<TargetId> gateway) {
    /** What its controller takes. */
    enum Type {
        ENVOY_GATEWAY,
        ISTIO,
        TRAEFIK,
        INGRESS_NGINX,
        /** Any other of Gateway API: it may know the filter ExternalAuth. */
        GATEWAY_API,
        /** Any other of Ingress, which has no standard for this. */
        UNKNOWN
    }

    /** The proxy of a Gateway. */
    static Proxy ofGateway(String controller, TargetId gateway) {
        Type type = switch (controller) {
            case "gateway.envoyproxy.io/gatewayclass-controller" -> Type.ENVOY_GATEWAY;
            case "istio.io/gateway-controller", "istio.io/unmanaged-gateway" -> Type.ISTIO;
            case "traefik.io/gateway-controller" -> Type.TRAEFIK;
            default -> Type.GATEWAY_API;
        };
        return new Proxy(type, controller, Optional.of(gateway));
    }

    /** The proxy of an Ingress. */
    static Proxy ofIngress(String controller) {
        Type type = switch (controller) {
            case "k8s.io/ingress-nginx" -> Type.INGRESS_NGINX;
            case "traefik.io/ingress-controller" -> Type.TRAEFIK;
            default -> Type.UNKNOWN;
        };
        return new Proxy(type, controller, Optional.empty());
    }
}
