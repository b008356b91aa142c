package dev.waitingroom.operator.gateway;

import dev.waitingroom.queue.GatewayId;
import java.util.Map;
import java.util.TreeMap;

/** What a gateway's objects are called. */
public final class GatewayNames {
    public static final String GATEWAY_LABEL = "waitingroom.dev/gateway";
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
    static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

    /** On a namespace, with the value true: its pods may read the metrics of gateways, also where a NetworkPolicy is enforced. */
    public static final String METRICS_READER_LABEL = "waitingroom.dev/metrics-reader";

    public static final String OPERATOR = "waitingroom-operator";

    private GatewayNames() {}

    /** The Deployment, Service, PodDisruptionBudget and NetworkPolicy. */
    public static String deployment(String gateway) {
        return gateway + "-gateway";
    }

    /** The Secret with the signing keys. */
    public static String keys(String gateway) {
        return gateway + "-keys";
    }

    /** The Secret with the gateway's copy of how to reach Redis. */
    public static String redis(String gateway) {
        return deployment(gateway) + "-redis";
    }

    /** Where the API is inside the cluster. */
    public static String url(GatewayId gatewayId) {
        return "http://" + deployment(gatewayId.name()) + "." + gatewayId.namespace() + ".svc";
    }

    /**
     * On the Secret with the signing keys, which has no owner. GitOps tools take an object without owner that has the instance label for
     * one that they deployed, and prune it.
     */
    static Map<String, String> keyLabels(String gateway) {
        var labels = new TreeMap<>(labels(gateway));
        labels.remove(INSTANCE_LABEL);
        return labels;
    }

    /** On everything that a gateway owns. */
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
                MANAGED_BY_LABEL,
                OPERATOR,
                GATEWAY_LABEL,
                gateway);
    }

    /** What tells a gateway's pods from all others. Never changes: a Deployment's selector cannot. */
    static Map<String, String> selector(String gateway) {
        return Map.of("app.kubernetes.io/name", "waitingroom-gateway", GATEWAY_LABEL, gateway);
    }

    /** The selector as text. */
    static String selectorText(String gateway) {
        return "app.kubernetes.io/name=waitingroom-gateway," + GATEWAY_LABEL + "=" + gateway;
    }
}
