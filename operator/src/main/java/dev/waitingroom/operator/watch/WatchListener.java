package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;

/** ChangeThrottle of what was seen. Called on the watch's threads; must not block. */
public interface WatchListener {
    /** A room's numbers differ from those told last, or its policy is not as it should be. */
    void roomChanged(RoomId room);

    /** A room's policy or its place on the list was gone or altered, and is back. */
    void roomRestored(RoomId room, String what);

    /** A gateway's pods or figures differ from those told last. */
    void gatewayChanged(GatewayId gateway);

    /** A gateway's Redis answers again, or no longer. */
    void reachabilityChanged(GatewayId gateway);
}
