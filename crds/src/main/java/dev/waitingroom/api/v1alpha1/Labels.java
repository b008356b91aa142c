package dev.waitingroom.api.v1alpha1;

/** Labels of the operator's objects, and labels that users set for the operator. */
public final class Labels {
    /** On each object of a gateway: the gateway's name. */
    public static final String GATEWAY = "waitingroom.dev/gateway";

    /** On a namespace, with the value true: its pods may read the metrics of gateways. Needed if NetworkPolicies are enforced. */
    public static final String METRICS_READER = "waitingroom.dev/metrics-reader";

    /** On each object that makes a proxy ask a room: the room, as a hash of its namespace and name. */
    public static final String ROUTE_CHECK = "waitingroom.dev/route-check";

    /** On each object that the operator creates, with the value {@value #OPERATOR}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String OPERATOR = "waitingroom-operator";

    private Labels() {}
}
