package dev.waitingroom.operator.redis;

import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out which Redis a gateway uses. The operator reads users' Secrets one by one and does not watch them, so it need not cache every
 * Secret of the cluster. A Secret that was read is used for {@link #FRESH}. No lock is held while a Secret is read. Thread-safe.
 */
public final class RedisResolver {
    static final Duration FRESH = Duration.ofSeconds(5);

    private record Read(Instant at, Optional<Secret> secret) {}

    private final KubernetesClient client;
    private final InstalledRedis installed;
    private final InstantSource clock;
    private final Map<String, Read> cache = new ConcurrentHashMap<>();

    /** @param installed for gateways that name no Redis */
    public RedisResolver(KubernetesClient client, InstalledRedis installed, InstantSource clock) {
        this.client = client;
        this.installed = installed;
        this.clock = clock;
    }

    /** The Redis of gateways that name none. */
    public RedisResolution installed() {
        return switch (installed) {
            case InstalledRedis.None none ->
                new Problem(
                        "RedisNotConfigured",
                        "The operator was installed without a Redis. Name one in the WaitingRoomGateway's spec.redis.secretRef.");
            case InstalledRedis.Fixed(RedisLocation location) -> new Found(location);
            case InstalledRedis.InSecret(String namespace, String name) -> resolve(namespace, name);
        };
    }

    /** The Redis of a gateway: of the Secret that it names, or of the installation. */
    public RedisResolution resolve(WaitingRoomGateway gateway) {
        var redis = gateway.getSpec().redis();
        return redis == null
                ? installed()
                : resolve(
                        gateway.getMetadata().getNamespace(), redis.secretRef().name());
    }

    private RedisResolution resolve(String namespace, String name) {
        Optional<Secret> secret;
        try {
            secret = read(namespace, name);
        } catch (KubernetesClientException e) {
            if (!ApiErrors.forGood(e)) {
                throw e;
            }
            return new Problem(
                    "RedisSecretForbidden",
                    "Secret " + name + " in namespace " + namespace + " cannot be read: " + ApiErrors.message(e)
                            + ". Allow the operator's ServiceAccount to get it.");
        }
        if (secret.isEmpty()) {
            return new Problem(
                    "RedisSecretMissing",
                    "Secret " + name + " in namespace " + namespace
                            + " does not exist. Create it, with an entry \"url\".");
        }
        try {
            return new Found(RedisLocation.from(secret.get()));
        } catch (IllegalArgumentException e) {
            return new Problem(
                    "RedisSecretInvalid",
                    "Secret " + name + " in namespace " + namespace + " cannot be used: " + e.getMessage()
                            + ". Correct it.");
        }
    }

    private Optional<Secret> read(String namespace, String name) {
        String key = namespace + "/" + name;
        Instant now = clock.instant();
        Read read = cache.get(key);
        if (read == null || !now.isBefore(read.at.plus(FRESH))) { // two threads may read it at once: that is harmless
            Secret secret =
                    client.secrets().inNamespace(namespace).withName(name).get();
            read = new Read(now, Optional.ofNullable(secret));
            cache.put(key, read);
        }
        return read.secret;
    }
}
