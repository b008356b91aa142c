package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewayStatus;
import dev.waitingroom.operator.redis.RedisResolution;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.control.PodReport;
import dev.waitingroom.queue.control.RedisCheck;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is said of a gateway. Pure but for the clock. */
final class GatewayStatusFactory {
    static final String READY = "Ready";
    static final String REDIS_REACHABLE = "RedisReachable";
    static final String REDIS_SAFE = "RedisSafe";
    static final String PROGRESSING = "Progressing";
    static final String DELETION_HELD = "DeletionHeld";

    private static final String NO_PODS_READY = "NoPodsReady";
    private static final int PODS_SHOWN = 200;
    private static final int OUTDATED_SHOWN = 10;
    private static final int HOLDERS_SHOWN = 10;

    /**
     * What was found.
     *
     * @param problem why nothing could be made of the gateway
     * @param seen in Redis; empty before the first look
     * @param deployment as it is
     * @param desiredReplicas what the demand calls for
     * @param generations event id → generation of the policies that Redis should hold
     * @param ticketKeyId the key that signs tickets; empty where it is not known
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
        /** Where no pod is in trouble. */
        Observed(
                Optional<Problem> problem,
                Optional<GatewayObservation> seen,
                Optional<Deployment> deployment,
                Optional<Integer> desiredReplicas,
                Map<String, Long> generations,
                Optional<String> ticketKeyId) {
            this(problem, seen, deployment, desiredReplicas, generations, ticketKeyId, Optional.empty());
        }

        /** Without the keys being known. */
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
        Finding redis = redisReachable(view, before);
        var conditions = new ConditionSet(before.conditions(), generation, clock.instant())
                .with(READY, ready(name, view, redis, before))
                .with(REDIS_REACHABLE, redis)
                .with(REDIS_SAFE, redisSafe(view, before))
                .with(PROGRESSING, progressing(name, view));
        if (!holders.isEmpty()) {
            conditions = conditions.with(DELETION_HELD, held(holders));
        }
        Optional<DeploymentStatus> pods = view.deployment.map(Deployment::getStatus);
        return new WaitingRoomGatewayStatus(
                generation,
                conditions.build(),
                view.seen.map(GatewayObservation::listed).orElse(before.rooms()),
                pods.map(status -> count(status.getReplicas())).orElse(0),
                view.deployment
                        .map(there -> readyPods(view) + "/" + there.getSpec().getReplicas())
                        .orElse("0/0"),
                pods.map(status -> count(status.getUpdatedReplicas())).orElse(0),
                view.desiredReplicas.orElse(before.desiredReplicas()),
                view.seen.map(seen -> Math.round(seen.requestsPerSecond())).orElse(before.requestsPerSecond()),
                view.seen.map(seen -> pods(seen.reports(), view.generations)).orElse(before.pods()),
                GatewayNames.url(new GatewayId(gateway.getMetadata().getNamespace(), name)),
                GatewayNames.selectorText(name),
                view.ticketKeyId.orElse(before.ticketKeyId()));
    }

    private static Finding held(List<String> rooms) {
        String names = String.join(", ", rooms.subList(0, Math.min(rooms.size(), HOLDERS_SHOWN)));
        return Finding.good(
                "RoomsRemain",
                "WaitingRooms name this gateway (" + rooms.size() + "): " + names
                        + (rooms.size() > HOLDERS_SHOWN ? ", …" : "")
                        + ". It stays and serves until they are deleted. A deletion cannot be taken back; without rooms, the gateway goes at once.");
    }

    private static Finding redisReachable(Observed view, WaitingRoomGatewayStatus before) {
        if (view.problem.isPresent()) {
            return bad(view.problem.get());
        }
        if (view.seen.isEmpty()) { // the operator has just started: what was said stands until it knows better
            return ConditionSet.find(before.conditions(), REDIS_REACHABLE)
                    .map(Finding::of)
                    .orElseGet(() -> new Finding(ConditionStatus.UNKNOWN, "NotAskedYet", "Redis is being asked."));
        }
        return view.seen
                .get()
                .problem()
                .map(
                        problem -> bad(
                                RedisResolution.failed(
                                        problem.fault(),
                                        problem.detail(),
                                        "Visitors keep their places and see their positions; joins and admits are answered 503 until Redis is back.")))
                .orElseGet(() -> Finding.good("Answers", "Redis answers the operator."));
    }

    private static Finding redisSafe(Observed view, WaitingRoomGatewayStatus before) {
        if (view.problem.isPresent()) {
            return bad(view.problem.get());
        }
        Optional<String> policy = view.seen.flatMap(GatewayObservation::evictionPolicy);
        if (policy.isEmpty()) { // what was said stands until it is known better
            return ConditionSet.find(before.conditions(), REDIS_SAFE)
                    .map(Finding::of)
                    .orElseGet(() -> new Finding(
                            ConditionStatus.UNKNOWN, "PolicyUnknown", "Redis has not told its maxmemory-policy."));
        }
        return new RedisCheck(policy)
                .evicting()
                .map(evicting ->
                        Finding.bad(RedisCheck.EVICTING_REASON, "Its " + RedisCheck.evictionFix(evicting) + "."))
                .orElseGet(
                        () -> Finding.good("KeepsKeys", "Redis deletes no keys: its maxmemory-policy is noeviction."));
    }

    private static Finding ready(String name, Observed view, Finding redis, WaitingRoomGatewayStatus before) {
        if (view.problem.isPresent()) {
            return bad(view.problem.get());
        }
        if (readyPods(view) == 0) {
            return view.trouble
                    .map(trouble -> Finding.bad(trouble.reason(), trouble.message()))
                    .orElseGet(() -> noneReady(name, view, redis, before));
        }
        if (redis.status() == ConditionStatus.FALSE) {
            return redis;
        }
        return view.trouble
                .map(trouble -> Finding.good(
                        "PartlyReady", "Pods serve the gateway's rooms, but not all are ready. " + trouble.message()))
                .orElseGet(() -> Finding.good("Serving", "Pods are ready and serve the gateway's rooms."));
    }

    private static Finding noneReady(String name, Observed view, Finding redis, WaitingRoomGatewayStatus before) {
        if (redis.status() == ConditionStatus.FALSE) {
            return redis; // pods that cannot read their rooms are not ready
        }
        return isFirstStart(view, before)
                ? Finding.starting("Starting", "The first pods are being started.")
                : Finding.bad(NO_PODS_READY, "No pod is ready. If this lasts: " + describePods(name));
    }

    /** Pods were never ready, or not since the Deployment was made after another problem. One that was deleted under its pods is no start. */
    private static boolean isFirstStart(Observed view, WaitingRoomGatewayStatus before) {
        Optional<DeploymentStatus> status = view.deployment.map(Deployment::getStatus);
        boolean isNew = status.map(DeploymentStatus::getObservedGeneration).isEmpty();
        return condition(status, "Progressing", "False").isEmpty()
                && ConditionSet.find(before.conditions(), READY)
                        .map(ready -> switch (ready.status()) {
                            case UNKNOWN -> true;
                            case TRUE -> false;
                            case FALSE -> isNew && !ready.reason().equals(NO_PODS_READY);
                        })
                        .orElse(true);
    }

    private static int readyPods(Observed view) {
        return view.deployment
                .map(Deployment::getStatus)
                .map(status -> count(status.getReadyReplicas()))
                .orElse(0);
    }

    private static Finding progressing(String name, Observed view) {
        if (view.problem.isPresent()) {
            return bad(view.problem.get());
        }
        if (view.deployment.isEmpty()) {
            return Finding.good("Creating", "The Deployment is being made.");
        }
        Deployment deployment = view.deployment.get();
        Optional<DeploymentStatus> status = Optional.ofNullable(deployment.getStatus());
        Optional<DeploymentCondition> refused = condition(status, "ReplicaFailure", "True");
        if (refused.isPresent()) {
            return Finding.bad(
                    "PodsRefused",
                    refused.get().getMessage()
                            + ". Correct spec.resources, or the quota or policy of the namespace that forbids the pods.");
        }
        Optional<DeploymentCondition> stuck = condition(status, "Progressing", "False");
        if (stuck.isPresent()) {
            return Finding.bad(
                    "RolloutStuck",
                    stuck.get().getMessage() + " The pods that were there serve on. "
                            + view.trouble.map(PodTrouble::message).orElseGet(() -> "See: " + describePods(name)));
        }
        int wanted = deployment.getSpec().getReplicas();
        boolean complete = status.filter(now -> count(now.getUpdatedReplicas()) == wanted
                        && count(now.getReplicas()) == wanted
                        && count(now.getReadyReplicas()) == wanted
                        && Objects.equals(
                                now.getObservedGeneration(),
                                deployment.getMetadata().getGeneration()))
                .isPresent();
        if (complete) {
            return Finding.bad("Complete", "All pods are as the spec says.");
        }
        return view.trouble
                .map(trouble -> Finding.bad(trouble.reason(), trouble.message()))
                .orElseGet(() -> Finding.good("RollingOut", "Pods are being replaced, added or removed."));
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

    private static Optional<DeploymentCondition> condition(
            Optional<DeploymentStatus> deployment, String type, String status) {
        return deployment.map(DeploymentStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private static String describePods(String gateway) {
        return "kubectl describe pods -l " + GatewayNames.GATEWAY_LABEL + "=" + gateway;
    }

    private static Finding bad(Problem problem) {
        return Finding.bad(problem.reason(), problem.message());
    }

    private static int count(Integer value) {
        return value == null ? 0 : value;
    }
}
