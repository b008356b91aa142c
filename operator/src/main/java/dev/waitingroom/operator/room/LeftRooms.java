package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.deletion.Finalizer;
import dev.waitingroom.operator.gateway.GatewayReconciler;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.route.RouteProtection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases rooms and gateways that no informer can see: their namespace is being deleted, its Role is deleted already, and the operator started
 * later. Without this, their finalizers would keep the namespace forever.
 */
public final class LeftRooms {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeftRooms.class);

    private final KubernetesClient client;
    private final LineRemoval removal;
    private final RouteProtection routes;
    private final Finalizer rooms;
    private final Finalizer gateways;

    public LeftRooms(KubernetesClient client, LineRemoval removal, RouteProtection routes) {
        this.client = client;
        this.removal = removal;
        this.routes = routes;
        this.rooms = new Finalizer(client, RoomReconciler.FINALIZER);
        this.gateways = new Finalizer(client, GatewayReconciler.FINALIZER);
    }

    /** Removes the lines, and releases each room unless its Redis may come back. Repeatable. */
    public void release(String namespace) {
        List<WaitingRoomGateway> gateways = client.resources(WaitingRoomGateway.class)
                .inNamespace(namespace)
                .list()
                .getItems();
        boolean last = true;
        for (WaitingRoom room : client.resources(WaitingRoom.class)
                .inNamespace(namespace)
                .list()
                .getItems()) {
            last &= room.isMarkedForDeletion() && release(room, gateways);
        }
        if (last) {
            gateways.stream().filter(WaitingRoomGateway::isMarkedForDeletion).forEach(this.gateways::release);
        }
    }

    private boolean release(WaitingRoom room, List<WaitingRoomGateway> gateways) {
        routes.remove(room, RoomSync.gatewayOf(room)); // targets may be in other namespaces
        String gatewayName = RoomSync.gatewayOf(room).name();
        Optional<WaitingRoomGateway> gateway = gateways.stream()
                .filter(there -> there.getMetadata().getName().equals(gatewayName))
                .findFirst();
        return switch (removal.remove(room, gateway, false)) {
            case LineRemoval.Removed _ -> {
                rooms.release(room);
                yield true;
            }
            case LineRemoval.Abandoned abandoned -> {
                LOGGER.atWarn()
                        .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                        .addKeyValue(LogKeys.DETAIL, abandoned.why())
                        .log("left a room's line in Redis");
                rooms.release(room);
                yield true;
            }
            case LineRemoval.Later later -> {
                LOGGER.atDebug()
                        .addKeyValue(LogKeys.ROOM, RoomSync.idOf(room))
                        .addKeyValue(LogKeys.DETAIL, later.why())
                        .log("a deleted room waits for Redis");
                yield false;
            }
        };
    }
}
