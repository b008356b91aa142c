package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewayStatus;
import dev.waitingroom.operator.deletion.Finalizer;
import dev.waitingroom.operator.deletion.KeyedLock;
import dev.waitingroom.operator.gateway.GatewayStatusFactory.Observed;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.Failures;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.operator.scaling.Bounds;
import dev.waitingroom.operator.scaling.Demand;
import dev.waitingroom.operator.scaling.Scaling;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.status.StatusWriter;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.control.RedisUnavailableException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a gateway: its keys, its pods, as many as its rooms need, and what is said of it. */
@ControllerConfiguration(name = "waitingroomgateway", finalizerName = GatewayReconciler.FINALIZER)
public final class GatewayReconciler implements Reconciler<WaitingRoomGateway>, Cleaner<WaitingRoomGateway> {
    public static final String FINALIZER = "waitingroom.dev/gateway";

    /** What a gateway is made of; each is listed and watched. */
    public static final List<Class<? extends HasMetadata>> OWNED_KINDS = List.of(
            Deployment.class, Service.class, Secret.class, PodDisruptionBudget.class, NetworkPolicy.class, Pod.class);

    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayReconciler.class);
    private static final String OWNED =
            GatewayNames.MANAGED_BY_LABEL + "=" + GatewayNames.OPERATOR + "," + GatewayNames.GATEWAY_LABEL;

    /** Keys come of age and gateways shrink without anything having happened. */
    private static final Duration RESYNC_PERIOD = Duration.ofSeconds(15);

    /** Where only somebody else can help, and no event says that they did. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final RedisResolver resolver;
    private final RedisConnections connections;
    private final RedisWatch watch;
    private final EventRecorder events;
    private final InstantSource clock;
    private final String defaultImage;
    private final Finalizer finalizer;
    private final KeyedLock turns;
    private final Applier applier;
    private final Ownership ownership;
    private final KeySecret keys;
    private final GatewayStatusFactory statuses;
    private final SimpleInboundEventSource<WaitingRoomGateway> seenInRedis = new SimpleInboundEventSource<>("redis");
    private final Map<GatewayId, Scaling> scalings = new ConcurrentHashMap<>();

    public GatewayReconciler(
            KubernetesClient client,
            RedisResolver resolver,
            RedisConnections connections,
            RedisWatch watch,
            EventRecorder events,
            InstantSource clock,
            String defaultImage) {
        this.resolver = resolver;
        this.connections = connections;
        this.watch = watch;
        this.events = events;
        this.clock = clock;
        this.defaultImage = defaultImage;
        this.finalizer = new Finalizer(client, FINALIZER);
        this.turns = new KeyedLock(finalizer::isReleased);
        this.applier = new Applier(client);
        this.ownership = new Ownership(client);
        this.keys = new KeySecret(client);
        this.statuses = new GatewayStatusFactory(clock);
    }

    /** Has the gateway looked at again. */
    public void gatewayChanged(GatewayId gatewayId) {
        seenInRedis.propagateEvent(new ResourceID(gatewayId.name(), gatewayId.namespace()));
    }

    @Override
    public List<EventSource<?, WaitingRoomGateway>> prepareEventSources(
            EventSourceContext<WaitingRoomGateway> context) {
        var sources = new ArrayList<EventSource<?, WaitingRoomGateway>>();
        sources.add(seenInRedis);
        OWNED_KINDS.forEach(kind -> sources.add(owned(kind, context)));
        sources.add(new InformerEventSource<>(
                InformerEventSourceConfiguration.from(WaitingRoom.class, WaitingRoomGateway.class)
                        .withName("rooms")
                        .withSecondaryToPrimaryMapper(room -> Set.of(new ResourceID(
                                room.getSpec().gatewayRef().name(),
                                room.getMetadata().getNamespace())))
                        .withOnUpdateFilter((now, before) -> false) // only that it is there matters
                        .build(),
                context));
        return sources;
    }

    @Override
    public UpdateControl<WaitingRoomGateway> reconcile(
            WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return turns.take(gateway, UpdateControl.noUpdate(), () -> keep(gateway, context));
    }

    @Override
    public DeleteControl cleanup(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return turns.take(gateway, DeleteControl.noFinalizerRemoval(), () -> remove(gateway, context));
    }

    private UpdateControl<WaitingRoomGateway> keep(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        UpdateControl<WaitingRoomGateway> control = UpdateControl.noUpdate();
        return serve(gateway, List.of(), context).map(control::rescheduleAfter).orElse(control);
    }

    /**
     * Makes the gateway as its spec says, and says so in its status.
     *
     * @param holders names of the rooms that hold up its deletion
     * @return when to look again; empty where its namespace is being deleted
     */
    private Optional<Duration> serve(
            WaitingRoomGateway gateway, List<String> holders, Context<WaitingRoomGateway> context) {
        Observed view;
        try {
            view = switch (resolver.resolve(gateway)) {
                case Problem problem -> problem(problem, gateway, context);
                case Found found -> run(gateway, gatewayOf(gateway), found.location(), context);
            };
        } catch (KubernetesClientException e) {
            // What it is made of went first, or the Role by which it may be read did.
            if (ApiErrors.namespaceEnds(e) || (gateway.isMarkedForDeletion() && ApiErrors.forGood(e))) {
                return Optional.empty();
            }
            throw e;
        }
        tell(gateway, view, holders, context);
        return Optional.of(view.problem().isPresent() ? RETRY_DELAY : RESYNC_PERIOD);
    }

    @Override
    public ErrorStatusUpdateControl<WaitingRoomGateway> updateErrorStatus(
            WaitingRoomGateway gateway, Context<WaitingRoomGateway> context, Exception failure) {
        if (Failures.lasts(context.getRetryInfo()) && !gateway.isMarkedForDeletion()) {
            Finding finding = Failures.finding(failure);
            tell(
                    gateway,
                    problem(new Problem(finding.reason(), finding.message()), gateway, context),
                    List.of(),
                    context);
        }
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private void tell(
            WaitingRoomGateway gateway, Observed view, List<String> holders, Context<WaitingRoomGateway> context) {
        WaitingRoomGatewayStatus status = statuses.status(gateway, view, holders);
        if (!status.equals(gateway.statusOrNone())) {
            events.readiness(gateway, gateway.statusOrNone().conditions(), status.conditions());
            events.beginning(
                    gateway,
                    GatewayStatusFactory.DELETION_HELD,
                    gateway.statusOrNone().conditions(),
                    status.conditions());
            StatusWriter.write(gateway, status, context);
        }
    }

    /** While a room names the gateway, it stays and serves. Then Kubernetes collects what it owns. */
    private DeleteControl remove(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        List<String> rooms = context.getSecondaryResourcesAsStream(WaitingRoom.class)
                .map(room -> room.getMetadata().getName())
                .sorted()
                .toList();
        if (!rooms.isEmpty()) {
            Duration again = serve(gateway, rooms, context).orElse(RETRY_DELAY);
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(again.toMillis());
        }
        var gatewayId = gatewayOf(gateway);
        scalings.remove(gatewayId);
        watch.forget(gatewayId);
        forget(gatewayId);
        return finalizer.release(gateway);
    }

    /** Removes what outlived a gateway for the sake of its rooms. To be called when they are gone too. */
    public void forget(GatewayId gatewayId) {
        clearList(gatewayId);
        try {
            keys.delete(gatewayId.namespace(), gatewayId.name());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // A namespace that is being deleted has lost our Role, and takes its Secrets with it.
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.GATEWAY, gatewayId)
                    .addKeyValue(LogKeys.ERROR, ApiErrors.message(e))
                    .log("the keys of a gateway that is gone cannot be deleted");
        }
        connections.forget(gatewayId);
    }

    private Observed problem(Problem problem, WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return new Observed(
                Optional.of(problem),
                watch.gateway(gatewayOf(gateway)),
                deployment(gateway, context),
                Optional.empty(),
                watch.generations(gatewayOf(gateway)),
                Optional.empty());
    }

    private Observed run(
            WaitingRoomGateway gateway, GatewayId gatewayId, RedisLocation redis, Context<WaitingRoomGateway> context) {
        Instant now = clock.instant();
        Bounds bounds;
        try {
            bounds = bounds(gateway.getSpec());
            GatewaySpecs.check(gateway.getSpec());
        } catch (IllegalArgumentException e) {
            return problem(
                    new Problem("SpecInvalid", e.getMessage() + ": correct the spec; what was in force stays so"),
                    gateway,
                    context);
        }
        try {
            watch.watch(gatewayId, connections.connect(gatewayId, redis));
        } catch (IllegalArgumentException e) {
            return problem(new Problem("RedisUrlInvalid", String.valueOf(e.getMessage())), gateway, context);
        }
        Optional<Problem> taken = taken(gateway, redis, context);
        if (taken.isPresent()) {
            return problem(taken.get(), gateway, context);
        }
        String ticketKeyId;
        try {
            boolean inUse = context.getSecondaryResourcesAsStream(WaitingRoom.class)
                    .findAny()
                    .isPresent();
            switch (keys.keep(
                    gateway, actual(Secret.class, GatewayNames.keys(gatewayId.name()), context), inUse, now)) {
                case KeySecret.Kept kept -> ticketKeyId = kept.ticketKeyId();
                case KeySecret.Lost lost -> {
                    return problem(keysLost(gatewayId.name(), lost.ticketKeyId()), gateway, context);
                }
            }
        } catch (IllegalArgumentException e) {
            return problem(
                    new Problem(
                            "KeysInvalid",
                            "Secret " + GatewayNames.keys(gatewayId.name()) + ": " + e.getMessage()
                                    + ". Put the lost keys back."),
                    gateway,
                    context);
        }
        Optional<GatewayObservation> seen = watch.gateway(gatewayId);
        Scaling scaling = scale(gateway, bounds, seen, deployment(gateway, context), now);
        Deployment deployment = null;
        List<HasMetadata> objects = new GatewayResources(gateway, redis, defaultImage, scaling.replicas()).objects();
        for (HasMetadata wanted : objects) {
            HasMetadata there;
            try {
                there = applier.apply(wanted, actual(wanted, context));
            } catch (KubernetesClientException e) {
                if (!ApiErrors.forGood(e)) {
                    throw e;
                }
                return problem(
                        new Problem(
                                "ObjectRefused",
                                wanted.getKind() + " " + wanted.getMetadata().getName()
                                        + " cannot be applied: " + ApiErrors.message(e)
                                        + ". Correct the WaitingRoomGateway's spec, or what forbids this."),
                        gateway,
                        context);
            }
            if (there instanceof Deployment made) {
                deployment = made;
            }
        }
        removeStaleSecrets(gateway, objects, context);
        return new Observed(
                Optional.empty(),
                seen,
                Optional.ofNullable(deployment),
                Optional.of(scaling.calledFor()),
                watch.generations(gatewayId),
                Optional.of(ticketKeyId),
                PodTrouble.among(
                        context.getSecondaryResourcesAsStream(Pod.class).toList()));
    }

    /** Whether objects of others have names that the gateway needs. Asked before anything is made, so that nothing is made by halves. */
    private Optional<Problem> taken(
            WaitingRoomGateway gateway, RedisLocation redis, Context<WaitingRoomGateway> context) {
        var wanted = new ArrayList<>(new GatewayResources(gateway, redis, defaultImage, 0).objects());
        wanted.add(KeySecret.named(gateway));
        return ownership.taken(gateway.getMetadata().getName(), wanted, object -> actual(object, context));
    }

    private static Problem keysLost(String gateway, String ticketKeyId) {
        return new Problem(
                "KeysLost",
                "Secret " + GatewayNames.keys(gateway)
                        + " has lost the keys that sign tickets. Running pods serve on with them; new pods cannot start."
                        + " Restore the Secret from a backup. If there is none, new keys cost every waiting visitor their place: kubectl annotate wrg "
                        + gateway + " --overwrite " + KeySecret.ACCEPT_LOST + "=" + ticketKeyId);
    }

    /** The copy of the operator's credentials is not wanted any more where a gateway now names a Redis of its own. */
    private void removeStaleSecrets(
            WaitingRoomGateway gateway, List<HasMetadata> wanted, Context<WaitingRoomGateway> context) {
        context.getSecondaryResourcesAsStream(Secret.class)
                .filter(secret -> secret.hasOwnerReferenceFor(gateway) && !isAmong(wanted, secret))
                .forEach(secret -> {
                    context.getClient().resource(secret).delete();
                    LOGGER.atInfo()
                            .addKeyValue(LogKeys.GATEWAY, gatewayOf(gateway))
                            .addKeyValue(LogKeys.OBJECT, secret.getMetadata().getName())
                            .log("Secret deleted: the gateway's spec does not need it any more");
                });
    }

    private static boolean isAmong(List<HasMetadata> objects, Secret secret) {
        return objects.stream()
                .anyMatch(object -> object instanceof Secret
                        && object.getMetadata()
                                .getName()
                                .equals(secret.getMetadata().getName()));
    }

    private static Bounds bounds(WaitingRoomGatewaySpec spec) {
        return new Bounds(
                spec.replicas().min(),
                spec.replicas().max(),
                spec.scaling().targetRequestsPerSecond(),
                Duration.ofSeconds(spec.scaling().scaleDownAfterSeconds()));
    }

    private Scaling scale(
            WaitingRoomGateway gateway,
            Bounds bounds,
            Optional<GatewayObservation> seen,
            Optional<Deployment> deployment,
            Instant now) {
        GatewayId gatewayId = gatewayOf(gateway);
        Scaling before = scalings.getOrDefault(
                gatewayId,
                Scaling.from(
                        deployment.map(there -> there.getSpec().getReplicas()).orElse(bounds.min()), now));
        // What is not known does not make a gateway smaller: without Redis, demand is what it was.
        Demand demand = seen.filter(known -> known.problem().isEmpty())
                .map(known -> Demand.of(known.reports(), known.waiting(), bounds.targetRequestsPerSecond()))
                .orElseGet(() -> Demand.toKeep(before.calledFor(), bounds.targetRequestsPerSecond()));
        Scaling next = before.next(demand, bounds, now);
        scalings.put(gatewayId, next);
        if (deployment.isPresent() && next.replicas() != before.replicas()) {
            String message = "from " + before.replicas() + " to " + next.replicas() + " pods, for "
                    + Math.round(demand.requestsPerSecond()) + " requests/s and " + demand.waiting() + " waiting";
            events.record(
                    gateway,
                    EventRecorder.Kind.NORMAL,
                    next.replicas() > before.replicas() ? "ScaledUp" : "ScaledDown",
                    message);
            LOGGER.atInfo()
                    .addKeyValue(LogKeys.GATEWAY, gatewayId)
                    .addKeyValue(LogKeys.REPLICAS, next.replicas())
                    .addKeyValue(LogKeys.DETAIL, message)
                    .log("gateway scaled");
        }
        return next;
    }

    private void clearList(GatewayId gatewayId) {
        connections.last(gatewayId).ifPresent(redis -> {
            try {
                redis.gatewayControl().clear(gatewayId);
            } catch (RedisUnavailableException e) {
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.GATEWAY, gatewayId)
                        .addKeyValue(LogKeys.ERROR, e.getMessage())
                        .log("the list of a gateway that is gone stays in Redis");
            }
        });
    }

    private static Optional<Deployment> deployment(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return actual(
                Deployment.class, GatewayNames.workload(gateway.getMetadata().getName()), context);
    }

    @SuppressWarnings("unchecked")
    private static <T extends HasMetadata> Optional<T> actual(T wanted, Context<WaitingRoomGateway> context) {
        return actual((Class<T>) wanted.getClass(), wanted.getMetadata().getName(), context);
    }

    private static <T extends HasMetadata> Optional<T> actual(
            Class<T> type, String name, Context<WaitingRoomGateway> context) {
        return context.getSecondaryResourcesAsStream(type)
                .filter(there -> there.getMetadata().getName().equals(name))
                .findFirst();
    }

    private static <T extends HasMetadata> EventSource<?, WaitingRoomGateway> owned(
            Class<T> type, EventSourceContext<WaitingRoomGateway> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, WaitingRoomGateway.class)
                        .withLabelSelector(OWNED)
                        .withSecondaryToPrimaryMapper(object -> Set.of(new ResourceID(
                                object.getMetadata().getLabels().get(GatewayNames.GATEWAY_LABEL),
                                object.getMetadata().getNamespace())))
                        .build(),
                context);
    }

    private static GatewayId gatewayOf(WaitingRoomGateway gateway) {
        return new GatewayId(
                gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
    }
}
