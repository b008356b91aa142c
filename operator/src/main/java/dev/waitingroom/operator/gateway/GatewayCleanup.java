package dev.waitingroom.operator.gateway;

import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.RedisUnavailableException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what has no owner in Kubernetes: the gateway's keys, its list in Redis, and the connection. Thread-safe. */
public final class GatewayCleanup {
    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayCleanup.class);

    private final RedisConnections connections;
    private final KeySecret keys;

    public GatewayCleanup(KubernetesClient client, RedisConnections connections) {
        this.connections = connections;
        this.keys = new KeySecret(client);
    }

    /** To be called when the gateway and all rooms that name it are deleted. Repeatable. */
    public void remove(GatewayId gateway) {
        clearList(gateway);
        deleteKeys(gateway);
        connections.forget(gateway);
    }

    private void clearList(GatewayId gateway) {
        connections.last(gateway).ifPresent(redis -> {
            try {
                redis.gatewayControl().clear(gateway);
            } catch (RedisUnavailableException e) {
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.GATEWAY, gateway)
                        .addKeyValue(LogKeys.ERROR, e.getMessage())
                        .log("left the list of a deleted gateway in Redis");
            }
        });
    }

    private void deleteKeys(GatewayId gateway) {
        try {
            keys.delete(gateway.namespace(), gateway.name());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // When a namespace is deleted, our Role may go first. Kubernetes then deletes the Secret.
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, gateway)
                    .addKeyValue(LogKeys.ERROR, ApiErrors.message(e))
                    .log("cannot delete the keys of a deleted gateway");
        }
    }
}
