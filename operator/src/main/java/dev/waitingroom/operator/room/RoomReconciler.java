package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.operator.deletion.Finalizer;
import dev.waitingroom.operator.deletion.KeyedLock;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.EventRecorder.Kind;
import dev.waitingroom.operator.ops.Failures;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.route.RouteProtection;
import dev.waitingroom.operator.route.ServingGateway;
import dev.waitingroom.operator.site.HostConflicts;
import dev.waitingroom.operator.site.SiteSourceReader;
import dev.waitingroom.operator.site.SiteSources;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.status.StatusWriter;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import io.fabric8.kubernetes.client.KubernetesClient;
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
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reconciles a room: finds its gateway, writes its policy to Redis, and writes the status. */
@ControllerConfiguration(name = "waitingroom", finalizerName = RoomReconciler.FINALIZER)
public final class RoomReconciler implements Reconciler<WaitingRoom>, Cleaner<WaitingRoom> {
    static final String FINALIZER = "waitingroom.dev/line";

    private static final Logger LOGGER = LoggerFactory.getLogger(RoomReconciler.class);

    /** After a problem that a person must solve. No event reports the solution. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private static final String BY_GATEWAY = "gateway";

    private final Finalizer finalizer;
    private final KeyedLock locks;
    private final DefaultGateway defaultGateway;
    private final RoomSync sync;
    private final SiteSourceReader sources;
    private final LineRemoval removal;
    private final RouteProtection routes;
    private final RedisWatch watch;
    private final EventRecorder events;
    private final RoomStatusFactory statuses;
    private final SimpleInboundEventSource<WaitingRoom> redisEvents = new SimpleInboundEventSource<>("redis");
    private @Nullable IndexerResourceCache<WaitingRoom> rooms;

    public RoomReconciler(
            KubernetesClient client,
            RoomSync sync,
            LineRemoval removal,
            RouteProtection routes,
            RedisWatch watch,
            EventRecorder events,
            InstantSource clock) {
        this.finalizer = new Finalizer(client, FINALIZER);
        this.locks = new KeyedLock(finalizer::isReleased);
        this.defaultGateway = new DefaultGateway(client, events);
        this.sync = sync;
        this.sources = new SiteSourceReader(client, clock);
        this.removal = removal;
        this.routes = routes;
        this.watch = watch;
        this.events = events;
        this.statuses = new RoomStatusFactory(clock);
    }

    /** Schedules a reconciliation of the room. */
    public void roomChanged(RoomId room) {
        redisEvents.propagateEvent(resourceOf(room));
    }

    /** Records an Event: the operator restored data in Redis. */
    public void roomRestored(RoomId id, String what) {
        rooms().get(resourceOf(id)).ifPresent(room -> recordRestored(room, what));
    }

    /** Schedules a reconciliation of each room of a gateway. */
    public void gatewayChanged(GatewayId gateway) {
        roomsOf(gateway).forEach(redisEvents::propagateEvent);
    }

    @Override
    public List<EventSource<?, WaitingRoom>> prepareEventSources(EventSourceContext<WaitingRoom> context) {
        rooms = context.getPrimaryCache();
        rooms().addIndexers(Map.of(
                BY_GATEWAY, room -> List.of(RoomSync.gatewayOf(room).toString())));
        var gateways = InformerEventSourceConfiguration.from(WaitingRoomGateway.class, WaitingRoom.class)
                .withName("gateway")
                .withPrimaryToSecondaryMapper((WaitingRoom room) -> {
                    GatewayId gateway = RoomSync.gatewayOf(room);
                    return Set.of(new ResourceID(gateway.name(), gateway.namespace()));
                })
                .withSecondaryToPrimaryMapper(gateway -> roomsOf(new GatewayId(
                        gateway.getMetadata().getNamespace(),
                        gateway.getMetadata().getName())))
                .withOnUpdateFilter(GatewayReadiness::isRelevantChange)
                .build();
        return List.of(redisEvents, new InformerEventSource<>(gateways, context));
    }

    @Override
    public UpdateControl<WaitingRoom> reconcile(WaitingRoom room, Context<WaitingRoom> context) {
        return locks.take(room, UpdateControl.noUpdate(), () -> reconcileLive(room, context));
    }

    @Override
    public DeleteControl cleanup(WaitingRoom room, Context<WaitingRoom> context) {
        return locks.take(room, DeleteControl.noFinalizerRemoval(), () -> reconcileDeleted(room, context));
    }

    @Override
    public ErrorStatusUpdateControl<WaitingRoom> updateErrorStatus(
            WaitingRoom room, Context<WaitingRoom> context, Exception failure) {
        if (Failures.lasts(context.getRetryInfo()) && !room.isMarkedForDeletion()) {
            updateStatus(room, statuses.failed(room, Failures.finding(failure)), context);
        }
        return ErrorStatusUpdateControl.noStatusUpdate(); // written already (ADR 0020)
    }

    private UpdateControl<WaitingRoom> reconcileLive(WaitingRoom room, Context<WaitingRoom> context) {
        Optional<WaitingRoomGateway> gateway = findOrCreateGateway(room, context);
        Sync synced = sync.sync(room, gateway, sources(room), this::exists);
        if (synced instanceof Done done && done.restored()) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                    .addKeyValue(LogKeys.EVENT_ID, room.eventId())
                    .log("restored a policy that Redis lost while no operator ran");
            recordRestored(room, "its policy");
        }
        Finding readiness = readiness(room, gateway);
        updateStatus(
                room,
                statuses.status(
                        room,
                        readiness,
                        synced,
                        watch.room(RoomSync.idOf(room)),
                        protectRoutes(room, gateway, readiness, synced, context)),
                context);
        UpdateControl<WaitingRoom> control = UpdateControl.noUpdate();
        if (!(synced instanceof Done)) {
            return control.rescheduleAfter(RETRY_DELAY);
        }
        return SiteSourceReader.mustLookAgain(room) ? control.rescheduleAfter(SiteSourceReader.PERIOD) : control;
    }

    /** The gateway answers checks of a room as soon as Redis has a policy of it. */
    private RouteProtection.Outcome protectRoutes(
            WaitingRoom room,
            Optional<WaitingRoomGateway> gateway,
            Finding readiness,
            Sync synced,
            Context<WaitingRoom> context) {
        boolean known = synced instanceof Done || room.statusOrNone().policy() != null;
        boolean trusts = gateway.filter(
                        there -> !there.getSpec().clients().trustedProxies().isEmpty())
                .isPresent();
        return routes.protect(
                room,
                new ServingGateway(RoomSync.gatewayOf(room), readiness.isTrue() && known, trusts),
                ancestors -> StatusWriter.write(room, room.statusOrNone().withAncestors(ancestors), context));
    }

    private SiteSources sources(WaitingRoom room) {
        List<WaitingRoom> others =
                rooms().byIndex(BY_GATEWAY, RoomSync.gatewayOf(room).toString());
        return sources.read(room).withHostHolder(HostConflicts.holder(room, others));
    }

    private DeleteControl reconcileDeleted(WaitingRoom room, Context<WaitingRoom> context) {
        watch.forget(RoomSync.idOf(room));
        sources.forget(room);
        // Before the line: from then on no visitor could be admitted.
        routes.remove(room, RoomSync.gatewayOf(room));
        Optional<WaitingRoomGateway> gateway = context.getSecondaryResource(WaitingRoomGateway.class);
        return switch (removal.remove(room, gateway, isLastOfItsGateway(room))) {
            case LineRemoval.Removed _ -> finalizer.release(room);
            case LineRemoval.Abandoned abandoned -> {
                events.record(room, Kind.WARNING, "LineAbandoned", abandoned.why());
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                        .addKeyValue(LogKeys.DETAIL, abandoned.why())
                        .log("left a room's line in Redis");
                yield finalizer.release(room);
            }
            case LineRemoval.Later later -> {
                var refused = new Refused("LineNotRemoved", later.why());
                updateStatus(
                        room,
                        statuses.status(
                                room,
                                readiness(room, gateway),
                                refused,
                                Optional.empty(),
                                RouteProtection.Outcome.NONE),
                        context);
                yield DeleteControl.noFinalizerRemoval().rescheduleAfter(RETRY_DELAY.toMillis());
            }
        };
    }

    private void updateStatus(WaitingRoom room, WaitingRoomStatus status, Context<WaitingRoom> context) {
        if (!status.equals(room.statusOrNone())) {
            events.readiness(room, room.statusOrNone().conditions(), status.conditions());
            recordPolicyChange(room, status);
            OutageAdmission.change(room, status)
                    .ifPresent(told -> events.record(room, told.kind(), told.reason(), told.message()));
            StatusWriter.write(room, status, context);
        }
    }

    private void recordPolicyChange(WaitingRoom room, WaitingRoomStatus status) {
        PolicyInForce before = room.statusOrNone().policy();
        PolicyInForce now = status.policy();
        if (before == null || now == null) {
            return;
        }
        PolicyChange.describe(before, now).ifPresent(change -> {
            // With the generation, so that a change and its reversal each get an Event.
            String message = change + " (generation " + room.getMetadata().getGeneration() + ")";
            events.record(room, Kind.NORMAL, "PolicyChanged", message);
            LOGGER.atInfo()
                    .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                    .addKeyValue(LogKeys.EVENT_ID, room.eventId())
                    .addKeyValue(LogKeys.DETAIL, message)
                    .log("policy changed");
        });
    }

    private void recordRestored(WaitingRoom room, String what) {
        events.record(
                room,
                Kind.WARNING,
                "PutBackIntoRedis",
                "Redis had lost or changed " + what + ". The operator restored it. No visitor lost their place.");
    }

    private Optional<WaitingRoomGateway> findOrCreateGateway(WaitingRoom room, Context<WaitingRoom> context) {
        Optional<WaitingRoomGateway> there = context.getSecondaryResource(WaitingRoomGateway.class);
        String name = RoomSync.gatewayOf(room).name();
        // A gateway that is being deleted serves while the room exists.
        return there.isPresent() || !name.equals(WaitingRoomSpec.DEFAULT_GATEWAY) ? there : defaultGateway.create(room);
    }

    private static Finding readiness(WaitingRoom room, Optional<WaitingRoomGateway> gateway) {
        return GatewayReadiness.of(RoomSync.gatewayOf(room).name(), gateway);
    }

    private boolean exists(RoomId room) {
        return rooms().get(resourceOf(room)).isPresent();
    }

    private boolean isLastOfItsGateway(WaitingRoom room) {
        return roomsOf(RoomSync.gatewayOf(room)).stream().allMatch(ResourceID.fromResource(room)::equals);
    }

    private Set<ResourceID> roomsOf(GatewayId gateway) {
        return rooms().byIndex(BY_GATEWAY, gateway.toString()).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static ResourceID resourceOf(RoomId room) {
        return new ResourceID(room.name(), room.namespace());
    }

    private IndexerResourceCache<WaitingRoom> rooms() {
        return Objects.requireNonNull(rooms, "the controller is not registered yet");
    }
}
