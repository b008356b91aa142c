package dev.waitingroom.operator;

import dev.waitingroom.queue.redis.ClientCertificate;
import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.redis.RedisSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the operator was installed.
 *
 * @param redis the Redis of gateways that name none; with neither this nor {@code redisSecret}, each must name its own
 * @param redisSecret the Secret in {@code namespace} that says how to reach it, instead of {@code redis}
 * @param gatewayImage of gateways that name none
 * @param namespace where the operator runs
 * @param name of its Deployment: pods of one Deployment stand in for each other
 * @param podName of this one of them
 * @param watchNamespaces whose objects it looks after; empty for all
 * @param leaderElection whether it waits until no other operator is at work
 * @param leaseNamespace of the leases that say which operator works where; the same for all operators of a cluster
 * @param bindAddress of the admin port
 * @param adminPort health and metrics; 0 for any free one
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
        String bindAddress,
        int adminPort) {
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

    /** One that is alone, as in tests and on a person's machine. */
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
                "waitingroom-operator",
                podName,
                watchNamespaces,
                leaderElection,
                "default",
                bindAddress,
                adminPort);
    }

    /**
     * Reads the environment of the operator's pod.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong
     */
    public static OperatorSettings from(Map<String, String> environment) {
        return new OperatorSettings(
                text(environment, "REDIS_URL")
                        .map(url -> new RedisSettings(
                                url,
                                credentials(environment, "REDIS_USERNAME", "REDIS_PASSWORD"),
                                credentials(environment, "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD"),
                                text(environment, "REDIS_CA_FILE").map(Path::of),
                                ClientCertificate.of(
                                        text(environment, "REDIS_CERT_FILE").map(Path::of),
                                        text(environment, "REDIS_KEY_FILE").map(Path::of),
                                        "REDIS_CERT_FILE",
                                        "REDIS_KEY_FILE"))),
                text(environment, "REDIS_SECRET"),
                required(environment, "GATEWAY_IMAGE"),
                required(environment, "OPERATOR_NAMESPACE"),
                text(environment, "OPERATOR_NAME").orElse("waitingroom-operator"),
                required(environment, "POD_NAME"),
                namespaces(text(environment, "WATCH_NAMESPACES").orElse("")),
                bool("LEADER_ELECTION", text(environment, "LEADER_ELECTION").orElse("true")),
                text(environment, "LEASE_NAMESPACE").orElse("default"),
                text(environment, "BIND_ADDRESS").orElse("0.0.0.0"),
                port("ADMIN_PORT", text(environment, "ADMIN_PORT").orElse("9090")));
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Credentials> credentials(
            Map<String, String> environment, String username, String password) {
        return Credentials.of(text(environment, username), text(environment, password), password);
    }

    private static String required(Map<String, String> environment, String name) {
        return text(environment, name).orElseThrow(() -> new IllegalArgumentException(name + " must be set"));
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

    private static boolean bool(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false, not \"" + value + "\"");
        };
    }

    private static int port(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a port, not \"" + value + "\"", e);
        }
    }
}
