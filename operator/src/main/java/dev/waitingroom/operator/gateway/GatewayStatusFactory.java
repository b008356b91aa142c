package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewayStatus;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.PodReport;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds a gateway's status. Pure, except for the clock. */
final class GatewayStatusFactory {
    static final String READY = GatewayConditions.READY;
    static final String REDIS_REACHABLE = GatewayConditions.REDIS_REACHABLE;
    static final String REDIS_SAFE = GatewayConditions.REDIS_SAFE;
    static final String PROGRESSING = "Progressing";
    static final String DELETION_HELD = "DeletionHeld";

    private static final int PODS_SHOWN = 200;
    private static final int OUTDATED_SHOWN = 10;

    /**
     * The observations of one reconciliation.
     *
     * @param problem why the spec was not applied
     * @param seen in Redis; empty before the first look
     * @param deployment as it is
     * @param desiredReplicas pods that the demand needs
     * @param generations event id → generation of the policy that Redis should have
     * @param ticketKeyId the key that signs tickets; empty if unknown
     * @param trouble why pods cannot run
     */
    record Observed(
            Optional<Problem> problem,
            Optional<GatewayObservation> seen,
            Optional<Deployment> deployment,
            Optional<Integer> desiredReplicas,
            Map<String, Long> generations,
            Optional<String> ticketKeyId,
            Optional<PodTrouble> trouble) {
        /** No pod is in trouble. */
        Observed(
                Optional<Problem> problem,
                Optional<GatewayObservation> seen,
                Optional<Deployment> deployment,
                Optional<Integer> desiredReplicas,
                Map<String, Long> generations,
                Optional<String> ticketKeyId) {
            this(problem, seen, deployment, desiredReplicas, generations, ticketKeyId, Optional.empty());
        }

        /** Pods that are ready. */
        int readyPods() {
            return deployment
                    .map(Deployment::getStatus)
                    .map(status -> count(status.getReadyReplicas()))
                    .orElse(0);
        }

        /** The keys are unknown. */
        Observed(
                Optional<Problem> problem,
                Optional<GatewayObservation> seen,
                Optional<Deployment> deployment,
                Optional<Integer> desiredReplicas,
                Map<String, Long> generations) {
            this(problem, seen, deployment, desiredReplicas, generations, Optional.empty());
        }
    }

    private final InstantSource clock;

    GatewayStatusFactory(InstantSource clock) {
        this.clock = clock;
    }

    WaitingRoomGatewayStatus status(WaitingRoomGateway gateway, Observed view) {
        return status(gateway, view, List.of());
    }

    /** @param holders names of the rooms that hold up the gateway's deletion */
    WaitingRoomGatewayStatus status(WaitingRoomGateway gateway, Observed view, List<String> holders) {
        WaitingRoomGatewayStatus before = gateway.statusOrNone();
        String name = gateway.getMetadata().getName();
        long generation = Objects.requireNonNullElse(gateway.getMetadata().getGeneration(), 0L);
        var findings = new GatewayConditions(name, view, before.conditions());
        var conditions = new ConditionSet(before.conditions(), generation, clock.instant())
                .with(READY, findings.ready())
                .with(REDIS_REACHABLE, findings.redisReachable())
                .with(REDIS_SAFE, findings.redisSafe())
                .with(PROGRESSING, findings.progressing());
        if (!holders.isEmpty()) {
            conditions = conditions.with(DELETION_HELD, GatewayConditions.deletionHeld(holders));
        }
        Optional<DeploymentStatus> pods = view.deployment.map(Deployment::getStatus);
        return new WaitingRoomGatewayStatus(
                generation,
                conditions.build(),
                view.seen.map(GatewayObservation::listed).orElse(before.rooms()),
                pods.map(status -> count(status.getReplicas())).orElse(0),
                view.deployment
                        .map(there -> view.readyPods() + "/" + there.getSpec().getReplicas())
                        .orElse("0/0"),
                pods.map(status -> count(status.getUpdatedReplicas())).orElse(0),
                view.desiredReplicas.orElse(before.desiredReplicas()),
                view.seen.map(seen -> Math.round(seen.requestsPerSecond())).orElse(before.requestsPerSecond()),
                view.seen.map(seen -> pods(seen.reports(), view.generations)).orElse(before.pods()),
                GatewayNames.url(new GatewayId(gateway.getMetadata().getNamespace(), name)),
                GatewayNames.selectorText(name),
                view.ticketKeyId.orElse(before.ticketKeyId()));
    }

    private static List<WaitingRoomGatewayStatus.Pod> pods(List<PodReport> reports, Map<String, Long> generations) {
        return reports.stream()
                .sorted(Comparator.comparing(PodReport::pod))
                .limit(PODS_SHOWN)
                .map(report -> new WaitingRoomGatewayStatus.Pod(
                        report.pod(),
                        report.version(),
                        report.generations().size(),
                        generations.entrySet().stream()
                                .filter(wanted ->
                                        report.generations().getOrDefault(wanted.getKey(), 0L) < wanted.getValue())
                                .map(Map.Entry::getKey)
                                .sorted()
                                .limit(OUTDATED_SHOWN)
                                .toList()))
                .toList();
    }

    static int count(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
