package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewayStatus;
import dev.waitingroom.operator.deletion.Finalizer;
import dev.waitingroom.operator.deletion.KeyedLock;
import dev.waitingroom.operator.gateway.GatewayStatusFactory.Observed;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.Failures;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.operator.scaling.Bounds;
import dev.waitingroom.operator.scaling.Scaling;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.status.StatusWriter;
import dev.waitingroom.operator.watch.GatewayObservation;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.GatewayId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reconciles a gateway: resolves its Redis, builds the desired objects, applies them, and writes the status. While a room names a gateway
 * that is being deleted, the gateway stays and serves.
 */
@ControllerConfiguration(name = "waitingroomgateway", finalizerName = GatewayReconciler.FINALIZER)
public final class GatewayReconciler implements Reconciler<WaitingRoomGateway>, Cleaner<WaitingRoomGateway> {
    public static final String FINALIZER = "waitingroom.dev/gateway";

    /** The kinds that a gateway consists of. The operator lists and watches each. */
    public static final List<Class<? extends HasMetadata>> OWNED_KINDS = OwnedObjects.KINDS;

    /** Time alone makes keys due for rotation and gateways due for fewer pods. No event reports that. */
    private static final Duration RESYNC_PERIOD = Duration.ofSeconds(15);

    /** After a problem that a person must solve. No event reports the solution. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final RedisResolver resolver;
    private final RedisConnections connections;
    private final RedisWatch watch;
    private final EventRecorder events;
    private final InstantSource clock;
    private final String defaultImage;
    private final GatewayCleanup cleanup;
    private final Finalizer finalizer;
    private final KeyedLock locks;
    private final Applier applier;
    private final Ownership ownership;
    private final KeySecret keys;
    private final GatewayScaler scaler;
    private final GatewayStatusFactory statuses;
    private final SimpleInboundEventSource<WaitingRoomGateway> redisEvents = new SimpleInboundEventSource<>("redis");

    public GatewayReconciler(
            KubernetesClient client,
            RedisResolver resolver,
            RedisConnections connections,
            RedisWatch watch,
            EventRecorder events,
            InstantSource clock,
            String defaultImage,
            GatewayCleanup cleanup) {
        this.resolver = resolver;
        this.connections = connections;
        this.watch = watch;
        this.events = events;
        this.clock = clock;
        this.defaultImage = defaultImage;
        this.cleanup = cleanup;
        this.finalizer = new Finalizer(client, FINALIZER);
        this.locks = new KeyedLock(finalizer::isReleased);
        this.applier = new Applier(client);
        this.ownership = new Ownership(client);
        this.keys = new KeySecret(client);
        this.scaler = new GatewayScaler(events);
        this.statuses = new GatewayStatusFactory(clock);
    }

    /** Schedules a reconciliation of the gateway. */
    public void gatewayChanged(GatewayId gateway) {
        redisEvents.propagateEvent(new ResourceID(gateway.name(), gateway.namespace()));
    }

    @Override
    public List<EventSource<?, WaitingRoomGateway>> prepareEventSources(
            EventSourceContext<WaitingRoomGateway> context) {
        var sources = new ArrayList<EventSource<?, WaitingRoomGateway>>();
        sources.add(redisEvents);
        sources.addAll(OwnedObjects.eventSources(context));
        sources.add(new InformerEventSource<>(
                InformerEventSourceConfiguration.from(WaitingRoom.class, WaitingRoomGateway.class)
                        .withName("rooms")
                        .withSecondaryToPrimaryMapper(room -> Set.of(new ResourceID(
                                room.getSpec().gatewayRef().name(),
                                room.getMetadata().getNamespace())))
                        .withOnUpdateFilter((now, before) -> false) // only its existence matters
                        .build(),
                context));
        return sources;
    }

    @Override
    public UpdateControl<WaitingRoomGateway> reconcile(
            WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return locks.take(gateway, UpdateControl.noUpdate(), () -> {
            UpdateControl<WaitingRoomGateway> control = UpdateControl.noUpdate();
            return reconcileLive(gateway, List.of(), context)
                    .map(control::rescheduleAfter)
                    .orElse(control);
        });
    }

    @Override
    public DeleteControl cleanup(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return locks.take(gateway, DeleteControl.noFinalizerRemoval(), () -> reconcileDeleted(gateway, context));
    }

    @Override
    public ErrorStatusUpdateControl<WaitingRoomGateway> updateErrorStatus(
            WaitingRoomGateway gateway, Context<WaitingRoomGateway> context, Exception failure) {
        if (Failures.lasts(context.getRetryInfo()) && !gateway.isMarkedForDeletion()) {
            Finding finding = Failures.finding(failure);
            Observed observed = blocked(new Problem(finding.reason(), finding.message()), gateway, context);
            updateStatus(gateway, observed, List.of(), context);
        }
        return ErrorStatusUpdateControl.noStatusUpdate(); // written already (ADR 0020)
    }

    /**
     * Applies the spec and writes the status.
     *
     * @param holders names of the rooms that hold up the gateway's deletion
     * @return when to reconcile again; empty if the namespace is being deleted
     */
    private Optional<Duration> reconcileLive(
            WaitingRoomGateway gateway, List<String> holders, Context<WaitingRoomGateway> context) {
        Observed observed;
        try {
            observed = applySpec(gateway, context);
        } catch (BlockedException e) {
            observed = blocked(e.problem(), gateway, context);
        } catch (KubernetesClientException e) {
            // Kubernetes deletes the owned objects, or the Role that lets us read them, before the gateway.
            if (ApiErrors.namespaceEnds(e) || (gateway.isMarkedForDeletion() && ApiErrors.forGood(e))) {
                return Optional.empty();
            }
            throw e;
        }
        updateStatus(gateway, observed, holders, context);
        return Optional.of(observed.problem().isPresent() ? RETRY_DELAY : RESYNC_PERIOD);
    }

    private Observed applySpec(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context)
            throws BlockedException {
        var owned = new OwnedObjects(gateway, context);
        Instant now = clock.instant();

        RedisLocation redis = resolveRedis(gateway);
        Bounds bounds = GatewaySpecs.checked(gateway.getSpec());
        connect(gateway, redis);
        ownership.requireFreeNames(gateway, namesNeeded(gateway, redis), owned);
        String ticketKeyId = keys.keep(gateway, owned.keySecret(), hasRooms(context), now);

        Optional<GatewayObservation> seen = watch.gateway(idOf(gateway));
        Scaling scaling = scaler.scale(gateway, bounds, seen, owned.deployment(), now);
        List<HasMetadata> wanted = new GatewayResources(gateway, redis, defaultImage, scaling.replicas()).objects();

        Deployment deployment = owned.apply(wanted, applier);
        owned.deleteStaleSecrets(wanted);

        return new Observed(
                Optional.empty(),
                seen,
                Optional.of(deployment),
                Optional.of(scaling.calledFor()),
                watch.generations(idOf(gateway)),
                Optional.of(ticketKeyId),
                PodTrouble.among(owned.pods()));
    }

    /** The gateway stays and serves while a room names it. Afterwards Kubernetes deletes its objects. */
    private DeleteControl reconcileDeleted(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        List<String> rooms = context.getSecondaryResourcesAsStream(WaitingRoom.class)
                .map(room -> room.getMetadata().getName())
                .sorted()
                .toList();
        if (!rooms.isEmpty()) {
            Duration delay = reconcileLive(gateway, rooms, context).orElse(RETRY_DELAY);
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(delay.toMillis());
        }
        scaler.forget(idOf(gateway));
        watch.forget(idOf(gateway));
        cleanup.remove(idOf(gateway));
        return finalizer.release(gateway);
    }

    private void updateStatus(
            WaitingRoomGateway gateway, Observed observed, List<String> holders, Context<WaitingRoomGateway> context) {
        WaitingRoomGatewayStatus before = gateway.statusOrNone();
        WaitingRoomGatewayStatus status = statuses.status(gateway, observed, holders);
        if (!status.equals(before)) {
            events.readiness(gateway, before.conditions(), status.conditions());
            events.beginning(gateway, GatewayStatusFactory.DELETION_HELD, before.conditions(), status.conditions());
            StatusWriter.write(gateway, status, context);
        }
    }

    private Observed blocked(Problem problem, WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
        return new Observed(
                Optional.of(problem),
                watch.gateway(idOf(gateway)),
                new OwnedObjects(gateway, context).deployment(),
                Optional.empty(),
                watch.generations(idOf(gateway)),
                Optional.empty());
    }

    private RedisLocation resolveRedis(WaitingRoomGateway gateway) throws BlockedException {
        return switch (resolver.resolve(gateway)) {
            case Problem problem -> throw new BlockedException(problem);
            case Found found -> found.location();
        };
    }

    private void connect(WaitingRoomGateway gateway, RedisLocation redis) throws BlockedException {
        try {
            watch.watch(idOf(gateway), connections.connect(idOf(gateway), redis));
        } catch (IllegalArgumentException e) {
            throw new BlockedException("RedisUrlInvalid", String.valueOf(e.getMessage()), e);
        }
    }

    private List<HasMetadata> namesNeeded(WaitingRoomGateway gateway, RedisLocation redis) {
        var wanted = new ArrayList<>(new GatewayResources(gateway, redis, defaultImage, 0).objects());
        wanted.add(KeySecret.named(gateway));
        return wanted;
    }

    private static boolean hasRooms(Context<WaitingRoomGateway> context) {
        return context.getSecondaryResourcesAsStream(WaitingRoom.class)
                .findAny()
                .isPresent();
    }

    private static GatewayId idOf(WaitingRoomGateway gateway) {
        return new GatewayId(
                gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
    }
}
