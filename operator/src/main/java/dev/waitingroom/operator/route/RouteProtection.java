package dev.waitingroom.operator.route;

import dev.waitingroom.api.v1alpha1.AncestorStatus;
import dev.waitingroom.api.v1alpha1.Protect;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.operator.gateway.GatewayNames;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.queue.GatewayId;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the proxies of a room's targets ask the room. {@code status.ancestors} is the list of the targets that may have something of ours: a
 * target is on it before the first write, and leaves it after the last. Thread-safe for different rooms.
 */
public final class RouteProtection {
    /** How soon a change of a target, its class or its controller's status is noticed. No informer reads them. */
    public static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Logger LOGGER = LoggerFactory.getLogger(RouteProtection.class);

    private final RouteApi api;
    private final InstantSource clock;
    private final String clusterDomain;
    private final Map<String, Look> last = new ConcurrentHashMap<>();

    /**
     * The state of all targets.
     *
     * @param finding empty if the room names no target
     */
    public record Outcome(List<AncestorStatus> ancestors, Optional<Finding> finding) {
        /** Of a room without targets. */
        public static final Outcome NONE = new Outcome(List.of(), Optional.empty());
    }

    private record Look(long generation, ServingGateway gateway, Instant at, Outcome outcome) {}

    /** @param clusterDomain the DNS domain of the cluster */
    public RouteProtection(KubernetesClient client, InstantSource clock, String clusterDomain) {
        this(new KubernetesRouteApi(client, clock), clock, clusterDomain);
    }

    RouteProtection(RouteApi api, InstantSource clock, String clusterDomain) {
        this.api = api;
        this.clock = clock;
        this.clusterDomain = clusterDomain;
    }

    /**
     * Writes what is missing, and takes off what the spec does not name any more.
     *
     * @param gateway that serves the room. A target is not changed for the first time before it does: all visitors would be refused
     * @param announce writes the ancestors to the status, before anything is written to a new target
     * @return what the status must say. If the API server fails, no target leaves the list
     */
    public Outcome protect(WaitingRoom room, ServingGateway gateway, Consumer<List<AncestorStatus>> announce) {
        Set<TargetId> targets = targets(room);
        if (targets.isEmpty() && room.statusOrNone().ancestors().isEmpty()) {
            return Outcome.NONE;
        }
        String uid = room.getMetadata().getUid();
        Instant now = clock.instant();
        Look known = last.get(uid);
        if (known != null
                && known.generation == generation(room)
                && known.gateway.equals(gateway)
                && known.at.plus(PERIOD).isAfter(now)) {
            return known.outcome;
        }
        Outcome outcome;
        try {
            outcome = look(room, targets, gateway, announce);
        } catch (KubernetesClientException e) {
            outcome = new Outcome(pending(room, targets, before(room)), Optional.of(failed(e)));
        }
        last.put(uid, new Look(generation(room), gateway, now, outcome));
        return outcome;
    }

    /** Takes everything off. Leaves what the operator has no right to change. */
    public void remove(WaitingRoom room, GatewayId gateway) {
        last.remove(room.getMetadata().getUid());
        if (!targets(room).isEmpty() || !room.statusOrNone().ancestors().isEmpty()) {
            Outcome _ = look(room, Set.of(), new ServingGateway(gateway, false, true), ancestors -> {});
        }
    }

    private Outcome look(
            WaitingRoom room, Set<TargetId> targets, ServingGateway gateway, Consumer<List<AncestorStatus>> announce) {
        RouteCheck check = check(room, gateway.id());
        Map<TargetId, AncestorStatus> before = before(room);
        if (!before.keySet().containsAll(targets)) {
            announce.accept(pending(room, targets, before));
        }
        var namespaces = new TreeSet<>(Set.of(check.namespace()));
        Stream.concat(targets.stream(), before.keySet().stream()).forEach(id -> namespaces.add(id.namespace()));
        var own = OwnObjects.list(api, namespaces, RouteNames.labels(check.namespace(), check.room()));
        var applier = new PlanApplier(api, RouteNames.manager(check.namespace(), check.room()));
        var reconciler = new TargetReconciler(api, check, applier, own, gateway);

        Map<TargetId, TargetFindings> findings = new LinkedHashMap<>();
        Set<String> keep = new HashSet<>();
        for (TargetId id : targets) {
            TargetReconciler.Result result = reconciler.reconcile(id);
            findings.put(id, result.findings());
            keep.addAll(result.keep());
        }
        before.keySet().stream().filter(id -> !targets.contains(id)).forEach(id -> release(reconciler, id, room));
        // After the targets: an annotation must never name a Middleware that is gone.
        own.known().stream().filter(object -> !keep.contains(object.id())).forEach(this::delete);

        List<AncestorStatus> ancestors = new ArrayList<>();
        findings.forEach((id, found) -> ancestors.add(
                found.status(id, Optional.ofNullable(before.get(id)), generation(room), clock.instant())));
        return new Outcome(List.copyOf(ancestors), summary(findings));
    }

    private List<AncestorStatus> pending(
            WaitingRoom room, Set<TargetId> targets, Map<TargetId, AncestorStatus> before) {
        var all = new ArrayList<>(before.values());
        targets.stream()
                .filter(id -> !before.containsKey(id))
                .map(id -> TargetFindings.pending().status(id, Optional.empty(), generation(room), clock.instant()))
                .forEach(all::add);
        return all;
    }

    private static void release(TargetReconciler reconciler, TargetId id, WaitingRoom room) {
        try {
            reconciler.release(id);
        } catch (KubernetesClientException e) {
            forbidden(e, id.toString(), room.getMetadata().getName());
        }
    }

    private void delete(OwnObject object) {
        try {
            api.delete(object.kind(), object.resource());
        } catch (KubernetesClientException e) {
            forbidden(e, object.id(), "");
        }
    }

    /** Without rights nothing can be done, and the room must not stay forever. */
    private static void forbidden(KubernetesClientException e, String what, String room) {
        if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            throw e;
        }
        LOGGER.atWarn()
                .addKeyValue(LogKeys.ROOM, room)
                .addKeyValue(LogKeys.OBJECT, what)
                .addKeyValue(LogKeys.ERROR, e.getMessage())
                .log("cannot take the route check off: the operator has no right to");
    }

    /** The line goes on, so this does not fail the whole reconciliation. */
    private static Finding failed(KubernetesClientException e) {
        return Finding.bad(
                "TargetsUnknown",
                "The API server failed: " + ApiErrors.message(e)
                        + ". What was written for the targets stays. The operator tries again.");
    }

    private static Optional<Finding> summary(Map<TargetId, TargetFindings> findings) {
        if (findings.isEmpty()) {
            return Optional.empty();
        }
        return findings.entrySet().stream()
                .filter(entry -> !entry.getValue().isProgrammed())
                .findFirst()
                .map(entry -> {
                    Finding found = entry.getValue().summary();
                    return new Finding(found.status(), found.reason(), entry.getKey() + ": " + found.message());
                })
                .or(() -> Optional.of(
                        Finding.good("RoutesProtected", "All targets of spec.protect.targetRefs ask the room.")));
    }

    private static Set<TargetId> targets(WaitingRoom room) {
        Protect protect = room.getSpec().protect();
        return protect == null
                ? Set.of()
                : new LinkedHashSet<>(protect.targetRefs().stream()
                        .map(reference ->
                                TargetId.of(reference, room.getMetadata().getNamespace()))
                        .toList());
    }

    private static Map<TargetId, AncestorStatus> before(WaitingRoom room) {
        Map<TargetId, AncestorStatus> before = new LinkedHashMap<>();
        room.statusOrNone()
                .ancestors()
                .forEach(ancestor -> TargetId.of(ancestor.ancestorRef()).ifPresent(id -> before.put(id, ancestor)));
        return before;
    }

    private RouteCheck check(WaitingRoom room, GatewayId gateway) {
        Protect protect = room.getSpec().protect();
        return new RouteCheck(
                room.getMetadata().getNamespace(),
                room.getMetadata().getName(),
                Objects.requireNonNullElse(room.statusOrNone().eventId(), room.eventId()),
                GatewayNames.deployment(gateway.name()),
                clusterDomain,
                protect == null
                        ? List.of()
                        : protect.bypass().headers().stream()
                                .map(Protect.Header::name)
                                .toList());
    }

    private static long generation(WaitingRoom room) {
        return Objects.requireNonNullElse(room.getMetadata().getGeneration(), 0L);
    }
}
