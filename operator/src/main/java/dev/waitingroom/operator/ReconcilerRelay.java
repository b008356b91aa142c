package dev.waitingroom.operator;

import dev.waitingroom.operator.gateway.GatewayReconciler;
import dev.waitingroom.operator.room.RoomReconciler;
import dev.waitingroom.operator.watch.WatchListener;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import org.jspecify.annotations.Nullable;

/** Passes the observations of the watch to the reconcilers. They are created after the watch. */
final class ReconcilerRelay implements WatchListener {
    private volatile @Nullable RoomReconciler rooms;
    private volatile @Nullable GatewayReconciler gateways;

    /** Until this call, observations are dropped. */
    void start(RoomReconciler rooms, GatewayReconciler gateways) {
        this.rooms = rooms;
        this.gateways = gateways;
    }

    @Override
    public void roomChanged(RoomId room) {
        if (rooms != null) {
            rooms.roomChanged(room);
        }
    }

    @Override
    public void roomRestored(RoomId room, String what) {
        if (rooms != null) {
            rooms.roomRestored(room, what);
        }
    }

    @Override
    public void gatewayChanged(GatewayId gateway) {
        if (gateways != null) {
            gateways.gatewayChanged(gateway);
        }
    }

    @Override
    public void reachabilityChanged(GatewayId gateway) {
        gatewayChanged(gateway);
        if (rooms != null) {
            rooms.gatewayChanged(gateway);
        }
    }
}
