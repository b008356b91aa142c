package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;

/** Gets the changes that the watch sees. Called on the watch's threads; must not block. */
public interface WatchListener {
    /** A room's numbers have changed, or its policy is not the expected one. */
    void roomChanged(RoomId room);

    /** The watch has restored a room's policy or its place on the list. */
    void roomRestored(RoomId room, String what);

    /** A gateway's pods or numbers have changed. */
    void gatewayChanged(GatewayId gateway);

    /** A gateway's Redis has become reachable or unreachable. */
    void reachabilityChanged(GatewayId gateway);
}
