package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.queue.GatewayId;
import java.util.Map;
import java.util.TreeMap;

/** Names and labels of a gateway's objects. */
public final class GatewayNames {
    static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

    /** The port of the API, in pods and in the Service. */
    static final String HTTP_PORT = "http";

    /** The port of the route check over gRPC, in pods and in the Service. */
    static final String GRPC_PORT = "grpc";

    private GatewayNames() {}

    /** The Deployment. The Service, PodDisruptionBudget and NetworkPolicy have the same name. */
    public static String deployment(String gateway) {
        return gateway + "-gateway";
    }

    /** The Secret with the signing keys. */
    public static String keys(String gateway) {
        return gateway + "-keys";
    }

    /** The Secret with the gateway's copy of the operator's Redis credentials. */
    public static String redis(String gateway) {
        return deployment(gateway) + "-redis";
    }

    /** URL of the API inside the cluster. */
    public static String url(GatewayId gatewayId) {
        return "http://" + deployment(gatewayId.name()) + "." + gatewayId.namespace() + ".svc";
    }

    /**
     * Labels of the Secret with the signing keys. It has no owner. A GitOps tool deletes an object that has the instance label but no owner,
     * since the tool takes it for its own.
     */
    static Map<String, String> keyLabels(String gateway) {
        var labels = new TreeMap<>(labels(gateway));
        labels.remove(INSTANCE_LABEL);
        return labels;
    }

    /** Labels of all objects that a gateway owns. */
    static Map<String, String> labels(String gateway) {
        return Map.of(
                "app.kubernetes.io/name",
                "waitingroom-gateway",
                INSTANCE_LABEL,
                gateway,
                "app.kubernetes.io/component",
                "gateway",
                "app.kubernetes.io/part-of",
                "waitingroom",
                Labels.MANAGED_BY,
                Labels.OPERATOR,
                Labels.GATEWAY,
                gateway);
    }

    /** Selects the gateway's pods. Must never change, since a Deployment's selector is immutable. */
    static Map<String, String> selector(String gateway) {
        return Map.of("app.kubernetes.io/name", "waitingroom-gateway", Labels.GATEWAY, gateway);
    }

    /** The selector as text. */
    static String selectorText(String gateway) {
        return "app.kubernetes.io/name=waitingroom-gateway," + Labels.GATEWAY + "=" + gateway;
    }
}
