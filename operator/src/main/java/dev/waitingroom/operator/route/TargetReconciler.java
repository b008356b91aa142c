package dev.waitingroom.operator.route;

import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.Refusal;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one target ask the room, or takes off what was written for it.
 *
 * @param own what was written for the room until now
 * @param gateway that answers the checks
 */
record TargetReconciler(RouteApi api, RouteCheck check, PlanApplier applier, OwnObjects own, ServingGateway gateway) {
    /**
     * The result for one target.
     *
     * @param keep whether an own object stays, by its id
     */
    record Result(TargetFindings findings, Set<String> keep) {
        static Result nothing(TargetFindings findings) {
            return new Result(findings, Set.of());
        }
    }

    /** What was written stays if the operator lacks a right: it cannot know that it is wrong. */
    Result reconcile(TargetId id) {
        try {
            return reconcilePermitted(id);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            PlanApplier.Refused refused = PlanApplier.rights(e);
            return new Result(
                    TargetFindings.refused(refused.reason(), refused.message()),
                    ids(own.known().stream()
                            .filter(object ->
                                    object.resource().getMetadata().getName().equals(name(id)))
                            .toList()));
        }
    }

    /** Takes our annotations off a target that the room does not name any more. The caller deletes the objects. */
    void release(TargetId id) {
        find(id).ifPresent(applier::release);
    }

    private Result reconcilePermitted(TargetId id) {
        if (!api.isInstalled(id.kind())) {
            return Result.nothing(TargetFindings.unresolved(
                    "TargetNotFound",
                    "The API server does not know " + id.kind().kind() + ". Install its CRD."));
        }
        Optional<RouteTarget> target = find(id);
        if (!isPermitted(id)) {
            target.ifPresent(applier::release);
            return Result.nothing(TargetFindings.unresolved(
                    "RefNotPermitted",
                    "No ReferenceGrant in namespace " + id.namespace() + " lets WaitingRooms of namespace "
                            + check.namespace() + " refer to " + id + ". Create one."));
        }
        return target.map(this::reconcile)
                .orElseGet(() -> Result.nothing(
                        TargetFindings.unresolved("TargetNotFound", id + " does not exist. Create it.")));
    }

    private Result reconcile(RouteTarget target) {
        List<Proxy> proxies = new ProxyFinder(api).find(target);
        return switch (Planner.plan(check, target, proxies)) {
            case Refusal refusal -> {
                applier.release(target);
                yield Result.nothing(TargetFindings.refused(refusal.reason(), refusal.message()));
            }
            case Plan plan -> reconcile(target, plan);
        };
    }

    private Result reconcile(RouteTarget target, Plan plan) {
        Set<String> missing = plan.objects().stream()
                .map(OwnObject::kind)
                .filter(kind -> !api.isInstalled(kind))
                .map(ApiKind::kind)
                .collect(Collectors.toSet());
        if (!missing.isEmpty()) {
            applier.release(target);
            return Result.nothing(TargetFindings.refused(
                    "KindNotInstalled",
                    "The target needs a " + String.join(" and a ", missing)
                            + ", which the API server does not know. Install the CRDs of its controller."));
        }
        Set<String> keep = ids(plan.objects());
        if (!gateway.serving() && !own.has(name(target.id())) && !applier.isAnnotated(target)) {
            return new Result(
                    TargetFindings.accepted(Finding.starting(
                            "GatewayNotReady", "The target asks the room as soon as its gateway serves it.")),
                    keep);
        }
        return switch (applier.apply(plan, target, own)) {
            case PlanApplier.Written written ->
                new Result(
                        TargetFindings.accepted(Verdicts.programmed(plan, target, written.objects(), gateway)), keep);
            case PlanApplier.Refused refused ->
                new Result(TargetFindings.refused(refused.reason(), refused.message()), keep);
        };
    }

    private boolean isPermitted(TargetId id) {
        return id.namespace().equals(check.namespace())
                || (api.isInstalled(ApiKind.REFERENCE_GRANT)
                        && Grants.permit(
                                api.list(ApiKind.REFERENCE_GRANT, id.namespace(), Map.of()), check.namespace(), id));
    }

    private Optional<RouteTarget> find(TargetId id) {
        return api.isInstalled(id.kind())
                ? api.get(id.kind(), id.namespace(), id.name()).map(object -> new RouteTarget(id, object))
                : Optional.empty();
    }

    private String name(TargetId id) {
        return RouteNames.object(check, id);
    }

    private static Set<String> ids(List<OwnObject> objects) {
        return objects.stream().map(OwnObject::id).collect(Collectors.toSet());
    }
}
