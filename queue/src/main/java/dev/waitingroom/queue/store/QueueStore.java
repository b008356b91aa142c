package dev.waitingroom.queue.store;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;

/** Lines and gateways in Redis. Thread-safe; one for a process. */
public interface QueueStore extends AutoCloseable {
    /** A room's scripts. Cheap, and may be kept. */
    RoomScripts scripts(RoomId room);

    /** A gateway, as its processes see it. */
    GatewayScripts gateway(GatewayId gateway);

    RoomControl roomControl();

    GatewayControl gatewayControl();

    /** Ends the connection. Calls in flight fail. */
    @Override
    void close();
}
