package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.scaling.Bounds;
import dev.waitingroom.operator.scaling.Demand;
import dev.waitingroom.operator.scaling.Scaling;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.queue.GatewayId;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides how many pods each gateway has, and records an Event for each change. Thread-safe. */
final class GatewayScaler {
    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayScaler.class);

    private final EventRecorder events;
    private final Map<GatewayId, Scaling> decisions = new ConcurrentHashMap<>();

    GatewayScaler(EventRecorder events) {
        this.events = events;
    }

    /**
     * The next decision.
     *
     * @param seen in Redis; empty before the first look
     * @param deployment as it is
     */
    Scaling scale(
            WaitingRoomGateway gateway,
            Bounds bounds,
            Optional<GatewayObservation> seen,
            Optional<Deployment> deployment,
            Instant now) {
        var id = new GatewayId(
                gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
        Scaling before = decisions.getOrDefault(
                id,
                Scaling.from(
                        deployment.map(there -> there.getSpec().getReplicas()).orElse(bounds.min()), now));
        // Without Redis the demand is unknown. It then counts as unchanged, so the gateway does not shrink.
        Demand demand = seen.filter(known -> known.problem().isEmpty())
                .map(known -> Demand.of(known.reports(), known.waiting(), bounds.targetRequestsPerSecond()))
                .orElseGet(() -> Demand.toKeep(before.calledFor(), bounds.targetRequestsPerSecond()));
        Scaling next = before.next(demand, bounds, now);
        decisions.put(id, next);
        if (deployment.isPresent() && next.replicas() != before.replicas()) {
            report(gateway, id, before, next, demand);
        }
        return next;
    }

    /** The gateway is deleted. */
    void forget(GatewayId gateway) {
        decisions.remove(gateway);
    }

    private void report(WaitingRoomGateway gateway, GatewayId id, Scaling before, Scaling next, Demand demand) {
        String message = "from " + before.replicas() + " to " + next.replicas() + " pods, for "
                + Math.round(demand.requestsPerSecond()) + " requests/s and " + demand.waiting() + " waiting";
        events.record(
                gateway,
                EventRecorder.Kind.NORMAL,
                next.replicas() > before.replicas() ? "ScaledUp" : "ScaledDown",
                message);
        LOGGER.atInfo()
                .addKeyValue(LogKeys.GATEWAY, id)
                .addKeyValue(LogKeys.REPLICAS, next.replicas())
                .addKeyValue(LogKeys.DETAIL, message)
                .log("gateway scaled");
    }
}
