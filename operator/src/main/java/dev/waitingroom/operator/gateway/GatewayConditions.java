package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.operator.gateway.GatewayStatusFactory.Observed;
import dev.waitingroom.operator.redis.RedisResolution;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.queue.store.RedisCheck;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The conditions of a gateway, each as a finding. Pure.
 *
 * @param gateway its name
 * @param before the conditions until now
 */
record GatewayConditions(String gateway, Observed observed, List<Condition> before) {
    static final String READY = "Ready";
    static final String REDIS_REACHABLE = "RedisReachable";
    static final String REDIS_SAFE = "RedisSafe";

    private static final String NO_PODS_READY = "NoPodsReady";
    private static final int HOLDERS_SHOWN = 10;

    static Finding deletionHeld(List<String> rooms) {
        String names = String.join(", ", rooms.subList(0, Math.min(rooms.size(), HOLDERS_SHOWN)));
        return Finding.good(
                "RoomsRemain",
                "WaitingRooms name this gateway (" + rooms.size() + "): " + names
                        + (rooms.size() > HOLDERS_SHOWN ? ", …" : "")
                        + ". The gateway stays and serves until they are deleted, and is then deleted at once. A deletion cannot be undone.");
    }

    Finding redisReachable() {
        if (observed.problem().isPresent()) {
            return bad(observed.problem().get());
        }
        if (observed.seen().isEmpty()) { // the operator has just started: keep the former condition
            return ConditionSet.find(before, REDIS_REACHABLE)
                    .map(Finding::of)
                    .orElseGet(() ->
                            new Finding(ConditionStatus.UNKNOWN, "NotAskedYet", "Redis has not been checked yet."));
        }
        return observed.seen()
                .get()
                .problem()
                .map(
                        problem -> bad(
                                RedisResolution.failed(
                                        problem.fault(),
                                        problem.detail(),
                                        "Visitors keep their places and see their positions. Joins and admits are answered 503 until Redis is back.")))
                .orElseGet(() -> Finding.good("Answers", "Redis answers the operator."));
    }

    Finding redisSafe() {
        if (observed.problem().isPresent()) {
            return bad(observed.problem().get());
        }
        Optional<String> policy = observed.seen().flatMap(GatewayObservation::evictionPolicy);
        if (policy.isEmpty()) { // keep the former condition
            return ConditionSet.find(before, REDIS_SAFE)
                    .map(Finding::of)
                    .orElseGet(() -> new Finding(
                            ConditionStatus.UNKNOWN, "PolicyUnknown", "The maxmemory-policy of Redis is unknown."));
        }
        return new RedisCheck(policy)
                .evicting()
                .map(evicting ->
                        Finding.bad(RedisCheck.EVICTING_REASON, "Its " + RedisCheck.evictionFix(evicting) + "."))
                .orElseGet(
                        () -> Finding.good("KeepsKeys", "Redis deletes no keys: its maxmemory-policy is noeviction."));
    }

    Finding ready() {
        Finding redis = redisReachable();
        if (observed.problem().isPresent()) {
            return bad(observed.problem().get());
        }
        if (observed.readyPods() == 0) {
            return observed.trouble()
                    .map(trouble -> Finding.bad(trouble.reason(), trouble.message()))
                    .orElseGet(() -> noneReady(redis));
        }
        if (redis.status() == ConditionStatus.FALSE) {
            return redis;
        }
        return observed.trouble()
                .map(trouble -> Finding.good(
                        "PartlyReady", "Pods serve the gateway's rooms, but not all are ready. " + trouble.message()))
                .orElseGet(() -> Finding.good("Serving", "Pods are ready and serve the gateway's rooms."));
    }

    private Finding noneReady(Finding redis) {
        if (redis.status() == ConditionStatus.FALSE) {
            return redis; // without Redis, pods cannot read their rooms and are not ready
        }
        return isFirstStart()
                ? Finding.starting("Starting", "The first pods are being started.")
                : Finding.bad(NO_PODS_READY, "No pod is ready. If this lasts: " + describePods());
    }

    /** Whether no pod was ever ready, or none since an earlier problem was solved. A Deployment that a person deleted is not a first start. */
    private boolean isFirstStart() {
        Optional<DeploymentStatus> status = observed.deployment().map(Deployment::getStatus);
        boolean isNew = status.map(DeploymentStatus::getObservedGeneration).isEmpty();
        return condition(status, "Progressing", "False").isEmpty()
                && ConditionSet.find(before, READY)
                        .map(ready -> switch (ready.status()) {
                            case UNKNOWN -> true;
                            case TRUE -> false;
                            case FALSE -> isNew && !ready.reason().equals(NO_PODS_READY);
                        })
                        .orElse(true);
    }

    Finding progressing() {
        if (observed.problem().isPresent()) {
            return bad(observed.problem().get());
        }
        if (observed.deployment().isEmpty()) {
            return Finding.good("Creating", "The Deployment is being created.");
        }
        Deployment deployment = observed.deployment().get();
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
                    stuck.get().getMessage() + " The old pods still serve. "
                            + observed.trouble().map(PodTrouble::message).orElseGet(() -> "See: " + describePods()));
        }
        int wanted = deployment.getSpec().getReplicas();
        boolean complete = status.filter(now -> GatewayStatusFactory.count(now.getUpdatedReplicas()) == wanted
                        && GatewayStatusFactory.count(now.getReplicas()) == wanted
                        && GatewayStatusFactory.count(now.getReadyReplicas()) == wanted
                        && Objects.equals(
                                now.getObservedGeneration(),
                                deployment.getMetadata().getGeneration()))
                .isPresent();
        if (complete) {
            return Finding.bad("Complete", "All pods match the spec.");
        }
        return observed.trouble()
                .map(trouble -> Finding.bad(trouble.reason(), trouble.message()))
                .orElseGet(() -> Finding.good("RollingOut", "Pods are being replaced, added or removed."));
    }

    private static Optional<DeploymentCondition> condition(
            Optional<DeploymentStatus> deployment, String type, String status) {
        return deployment.map(DeploymentStatus::getConditions).orElse(List.of()).stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private String describePods() {
        return "kubectl describe pods -l " + Labels.GATEWAY + "=" + gateway;
    }

    private static Finding bad(Problem problem) {
        return Finding.bad(problem.reason(), problem.message());
    }
}
