package dev.waitingroom.operator;

import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.redis.RedisVariables;
import dev.waitingroom.queue.settings.Environment;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The settings of the installation.
 *
 * @param redis the Redis of gateways that name none; without this and {@code redisSecret}, each gateway must name its own
 * @param redisSecret the Secret in {@code namespace} with the Redis, instead of {@code redis}
 * @param gatewayImage the image of gateways that name none
 * @param namespace the operator's own
 * @param name of the operator's Deployment; its pods replace each other
 * @param podName of this pod
 * @param watchNamespaces the namespaces to serve; empty for all
 * @param leaderElection whether to wait until no other operator is at work
 * @param leaseNamespace the namespace of the leases, the same for all operators of a cluster
 * @param clusterDomain the DNS domain of Services
 * @param bindAddress of the admin port
 * @param adminPort health and metrics; 0 for any free port
 */
public record OperatorSettings(
        Optional<RedisSettings> redis,
        Optional<String> redisSecret,
        String gatewayImage,
        String namespace,
        String name,
        String podName,
        Set<String> watchNamespaces,
        boolean leaderElection,
        String leaseNamespace,
        String clusterDomain,
        String bindAddress,
        int adminPort) {
    private static final String DEFAULT_NAME = "waitingroom-operator";
    private static final String DEFAULT_LEASE_NAMESPACE = "default";
    private static final String DEFAULT_CLUSTER_DOMAIN = "cluster.local";

    public OperatorSettings {
        watchNamespaces = Set.copyOf(watchNamespaces);
        if (redis.isPresent() && redisSecret.isPresent()) {
            throw new IllegalArgumentException("REDIS_URL and REDIS_SECRET are both set: leave out one");
        }
        if (gatewayImage.isBlank()) {
            throw new IllegalArgumentException("GATEWAY_IMAGE must name the gateway's image");
        }
        if (adminPort < 0 || adminPort > 65_535) {
            throw new IllegalArgumentException("ADMIN_PORT must be 0..65535, not " + adminPort);
        }
    }

    /** An operator that is alone, as in tests and on a developer's machine. */
    public OperatorSettings(
            Optional<RedisSettings> redis,
            Optional<String> redisSecret,
            String gatewayImage,
            String namespace,
            String podName,
            Set<String> watchNamespaces,
            boolean leaderElection,
            String bindAddress,
            int adminPort) {
        this(
                redis,
                redisSecret,
                gatewayImage,
                namespace,
                DEFAULT_NAME,
                podName,
                watchNamespaces,
                leaderElection,
                DEFAULT_LEASE_NAMESPACE,
                DEFAULT_CLUSTER_DOMAIN,
                bindAddress,
                adminPort);
    }

    /**
     * Reads the environment of the operator's pod.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static OperatorSettings from(Map<String, String> environment) {
        return from(new Environment(environment));
    }

    /** The same; the environment then knows every variable that an operator reads, but for that of {@link #logLevel}. */
    public static OperatorSettings from(Environment e) {
        return new OperatorSettings(
                RedisVariables.optional(e),
                e.text(
                        "REDIS_SECRET",
                        "The Secret in the operator's namespace that says how to reach Redis, in place of `REDIS_URL`.",
                        "the name of a Secret"),
                e.required(
                        "GATEWAY_IMAGE",
                        "Image of gateway pods whose WaitingRoomGateway names none.",
                        "the gateway's image",
                        Function.identity()),
                e.required(
                        "OPERATOR_NAMESPACE",
                        "The namespace that the operator runs in.",
                        "the namespace of this pod",
                        Function.identity()),
                e.text(
                        "OPERATOR_NAME",
                        "The operator's Deployment. Pods of one Deployment stand in for each other.",
                        "the name of the Deployment",
                        DEFAULT_NAME),
                e.required("POD_NAME", "The name of the pod.", "the name of this pod", Function.identity()),
                e.parsed(
                                "WATCH_NAMESPACES",
                                "The namespaces that the operator serves. Not set: all.",
                                "namespaces by commas",
                                OperatorSettings::namespaces)
                        .orElse(Set.of()),
                e.bool("LEADER_ELECTION", "Whether the operator waits until no other one serves a namespace.", true),
                e.text(
                        "LEASE_NAMESPACE",
                        "The namespace of the leases. It must be the same for all operators of a cluster.",
                        "a namespace",
                        DEFAULT_LEASE_NAMESPACE),
                e.text(
                        "CLUSTER_DOMAIN",
                        "The DNS domain of Services, for proxies that need the whole name of a gateway's Service.",
                        "a domain",
                        DEFAULT_CLUSTER_DOMAIN),
                e.text("BIND_ADDRESS", "Address of the admin port.", "an address of this pod", "0.0.0.0"),
                e.number("ADMIN_PORT", "Port of metrics and probes. 0: any free port.", 9090, 0, 65_535));
    }

    /** How much is logged. */
    public static String logLevel(Environment environment) {
        return environment.text(
                "LOG_LEVEL",
                "What is logged: this level and the more severe ones.",
                "trace, debug, info, warn, error or off",
                "info");
    }

    private static Set<String> namespaces(String list) {
        var names = new TreeSet<String>();
        for (String name : list.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }
}
