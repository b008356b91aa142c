package dev.waitingroom.operator;

import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease that says who is at work. The SDK keeps it and does not give it back: the next one would wait until it runs out.
 *
 * @param namespace of the lease
 * @param identity of this process
 */
record Leadership(KubernetesClient client, String namespace, String identity) {
    static final String LEASE = "waitingroom-operator";

    private static final Logger LOGGER = LoggerFactory.getLogger(Leadership.class);

    /** Gives the lease back, if this process holds it. To be called when all its work has ended. */
    void release() {
        var lease = new LeaseLock(namespace, LEASE, identity);
        try {
            LeaderElectionRecord held = lease.get(client);
            if (held != null && identity.equals(held.getHolderIdentity())) {
                var now = ZonedDateTime.now(ZoneOffset.UTC);
                lease.update(
                        client,
                        new LeaderElectionRecord("", Duration.ofSeconds(1), now, now, held.getLeaderTransitions()));
            }
        } catch (KubernetesClientException e) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.ERROR, e.getMessage())
                    .log("the lease could not be given back; it runs out by itself");
        }
    }
}
