package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.operator.deletion.Finalizer;
import dev.waitingroom.operator.deletion.KeyedLock;
import dev.waitingroom.operator.gateway.GatewayNames;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.EventRecorder.Kind;
import dev.waitingroom.operator.ops.Failures;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.status.StatusWriter;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
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
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
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

/** Keeps a room's policy in Redis, and says how its line goes. */
@ControllerConfiguration(name = "waitingroom", finalizerName = RoomReconciler.FINALIZER)
public final class RoomReconciler implements Reconciler<WaitingRoom>, Cleaner<WaitingRoom> {
    static final String FINALIZER = "waitingroom.dev/line";

    private static final Logger LOGGER = LoggerFactory.getLogger(RoomReconciler.class);

    /** Where only somebody else can help, and no event says that they did. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private static final String BY_GATEWAY = "gateway";

    private final KubernetesClient client;
    private final Finalizer finalizer;
    private final KeyedLock turns;
    private final RoomSync sync;
    private final LineRemoval removal;
    private final RedisWatch watch;
    private final EventRecorder events;
    private final RoomStatusFactory statuses;
    private final SimpleInboundEventSource<WaitingRoom> seenInRedis = new SimpleInboundEventSource<>("redis");
    private @Nullable IndexerResourceCache<WaitingRoom> rooms;

    public RoomReconciler(
            KubernetesClient client,
            RoomSync sync,
            LineRemoval removal,
            RedisWatch watch,
            EventRecorder events,
            InstantSource clock) {
        this.client = client;
        this.finalizer = new Finalizer(client, FINALIZER);
        this.turns = new KeyedLock(finalizer::isReleased);
        this.sync = sync;
        this.removal = removal;
        this.watch = watch;
        this.events = events;
        this.statuses = new RoomStatusFactory(clock);
    }

    /** Has the room looked at again. */
    public void roomChanged(RoomId room) {
        seenInRedis.propagateEvent(new ResourceID(room.name(), room.namespace()));
    }

    /** Writes an Event of what was put back into Redis. */
    public void roomRestored(RoomId id, String what) {
        rooms().get(new ResourceID(id.name(), id.namespace()))
                .ifPresent(room -> events.record(
                        room,
                        Kind.WARNING,
                        "PutBackIntoRedis",
                        "Redis had lost or altered " + what + "; it is back, and nobody's place is lost"));
    }

    /** Has all rooms of a gateway looked at again. */
    public void gatewayChanged(GatewayId gatewayId) {
        roomsOf(gatewayId).forEach(seenInRedis::propagateEvent);
    }

    @Override
    public List<EventSource<?, WaitingRoom>> prepareEventSources(EventSourceContext<WaitingRoom> context) {
        rooms = context.getPrimaryCache();
        rooms().addIndexers(Map.of(
                BY_GATEWAY, room -> List.of(RoomSync.gatewayOf(room).toString())));
        var gateways = InformerEventSourceConfiguration.from(WaitingRoomGateway.class, WaitingRoom.class)
                .withName("gateway")
                .withPrimaryToSecondaryMapper((WaitingRoom room) -> {
                    GatewayId gatewayId = RoomSync.gatewayOf(room);
                    return Set.of(new ResourceID(gatewayId.name(), gatewayId.namespace()));
                })
                .withSecondaryToPrimaryMapper(gateway -> roomsOf(new GatewayId(
                        gateway.getMetadata().getNamespace(),
                        gateway.getMetadata().getName())))
                .withOnUpdateFilter(RoomReconciler::matters)
                .build();
        return List.of(seenInRedis, new InformerEventSource<>(gateways, context));
    }

    @Override
    public UpdateControl<WaitingRoom> reconcile(WaitingRoom room, Context<WaitingRoom> context) {
        return turns.take(room, UpdateControl.noUpdate(), () -> keep(room, context));
    }

    @Override
    public DeleteControl cleanup(WaitingRoom room, Context<WaitingRoom> context) {
        return turns.take(room, DeleteControl.noFinalizerRemoval(), () -> remove(room, context));
    }

    @Override
    public ErrorStatusUpdateControl<WaitingRoom> updateErrorStatus(
            WaitingRoom room, Context<WaitingRoom> context, Exception failure) {
        if (Failures.lasts(context.getRetryInfo()) && !room.isMarkedForDeletion()) {
            tell(room, statuses.failed(room, Failures.finding(failure)), context);
        }
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private UpdateControl<WaitingRoom> keep(WaitingRoom room, Context<WaitingRoom> context) {
        Optional<WaitingRoomGateway> gateway = gatewayOf(room, context);
        Sync synced = sync.sync(
                room,
                gateway,
                other -> rooms().get(new ResourceID(other.name(), other.namespace()))
                        .isPresent());
        WaitingRoomStatus status =
                statuses.status(room, gatewayReady(room, gateway), synced, watch.room(RoomSync.idOf(room)));
        tell(room, status, context);
        UpdateControl<WaitingRoom> control = UpdateControl.noUpdate();
        return synced instanceof Done ? control : control.rescheduleAfter(RETRY_DELAY);
    }

    private DeleteControl remove(WaitingRoom room, Context<WaitingRoom> context) {
        GatewayId gatewayId = RoomSync.gatewayOf(room);
        watch.forget(RoomSync.idOf(room));
        Optional<WaitingRoomGateway> gateway = context.getSecondaryResource(WaitingRoomGateway.class);
        boolean last = roomsOf(gatewayId).stream().allMatch(other -> other.equals(ResourceID.fromResource(room)));
        return switch (removal.remove(room, gateway, last)) {
            case LineRemoval.Removed removed -> finalizer.release(room);
            case LineRemoval.Abandoned abandoned -> {
                events.record(room, Kind.WARNING, "LineAbandoned", abandoned.why());
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                        .addKeyValue(LogKeys.DETAIL, abandoned.why())
                        .log("a room's line stays in Redis");
                yield finalizer.release(room);
            }
            case LineRemoval.Later later -> {
                var refused = new Refused("LineNotRemoved", later.why());
                tell(room, statuses.status(room, gatewayReady(room, gateway), refused, Optional.empty()), context);
                yield DeleteControl.noFinalizerRemoval().rescheduleAfter(RETRY_DELAY.toMillis());
            }
        };
    }

    private void tell(WaitingRoom room, WaitingRoomStatus status, Context<WaitingRoom> context) {
        if (!status.equals(room.statusOrNone())) {
            events.readiness(room, room.statusOrNone().conditions(), status.conditions());
            tellOfPolicy(room, status);
            StatusWriter.write(room, status, context);
        }
    }

    private void tellOfPolicy(WaitingRoom room, WaitingRoomStatus status) {
        PolicyInForce before = room.statusOrNone().policy();
        PolicyInForce now = status.policy();
        if (before == null || now == null) {
            return;
        }
        PolicyChange.describe(before, now).ifPresent(change -> {
            // With the generation, so that a change back and forth is told each time.
            String message = change + " (generation " + room.getMetadata().getGeneration() + ")";
            events.record(room, Kind.NORMAL, "PolicyChanged", message);
            LOGGER.atInfo()
                    .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                    .addKeyValue(LogKeys.EVENT_ID, room.eventId())
                    .addKeyValue(LogKeys.DETAIL, message)
                    .log("policy changed");
        });
    }

    private Optional<WaitingRoomGateway> gatewayOf(WaitingRoom room, Context<WaitingRoom> context) {
        Optional<WaitingRoomGateway> there = context.getSecondaryResource(WaitingRoomGateway.class);
        String name = RoomSync.gatewayOf(room).name();
        // One that is being deleted serves for as long as the room is there.
        return there.isPresent() || !name.equals(WaitingRoomSpec.DEFAULT_GATEWAY) ? there : makeDefaultGateway(room);
    }

    private Optional<WaitingRoomGateway> makeDefaultGateway(WaitingRoom room) {
        String namespace = room.getMetadata().getNamespace();
        var gateway = new WaitingRoomGateway();
        gateway.setMetadata(new ObjectMetaBuilder()
                .withName(WaitingRoomSpec.DEFAULT_GATEWAY)
                .withNamespace(namespace)
                .addToLabels(GatewayNames.MANAGED_BY_LABEL, GatewayNames.OPERATOR)
                .build());
        try {
            WaitingRoomGateway made = client.resource(gateway).create();
            events.record(
                    room,
                    Kind.NORMAL,
                    "GatewayMade",
                    "WaitingRoomGateway " + WaitingRoomSpec.DEFAULT_GATEWAY
                            + " was missing and is made with all defaults");
            return Optional.of(made);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) { // made by another room just now
                return Optional.ofNullable(client.resource(gateway).get());
            }
            if (ApiErrors.namespaceEnds(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Finding gatewayReady(WaitingRoom room, Optional<WaitingRoomGateway> gateway) {
        String name = RoomSync.gatewayOf(room).name();
        if (gateway.isEmpty()) {
            return Finding.bad(
                    "GatewayMissing",
                    "WaitingRoomGateway " + name + " does not exist: make it. The line is kept until then.");
        }
        Optional<Condition> ready =
                ConditionSet.find(gateway.get().statusOrNone().conditions(), "Ready");
        if (ready.filter(known -> known.status() != ConditionStatus.UNKNOWN).isEmpty()) {
            return Finding.starting("GatewayStarting", "WaitingRoomGateway " + name + " is being set up.");
        }
        return ready.get().status() == ConditionStatus.TRUE
                ? Finding.good("Serving", "WaitingRoomGateway " + name + " serves.")
                : Finding.bad(
                        "GatewayNotReady",
                        "WaitingRoomGateway " + name + ": " + ready.get().message());
    }

    /** A gateway's numbers change all the time, and concern no room. */
    private static boolean matters(WaitingRoomGateway now, WaitingRoomGateway before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || now.isMarkedForDeletion() != before.isMarkedForDeletion()
                || !ConditionSet.find(now.statusOrNone().conditions(), "Ready")
                        .equals(ConditionSet.find(before.statusOrNone().conditions(), "Ready"));
    }

    private Set<ResourceID> roomsOf(GatewayId gatewayId) {
        return rooms().byIndex(BY_GATEWAY, gatewayId.toString()).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private IndexerResourceCache<WaitingRoom> rooms() {
        return Objects.requireNonNull(rooms, "the controller is not registered yet");
    }
}
