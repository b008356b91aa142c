package dev.waitingroom.queue.room;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.redis.QueueRedis;

/** Where a gateway begins. */
public final class RoomFleets {
    private RoomFleets() {}

    /**
     * Serves a fleet's rooms. Redis need not be there yet.
     *
     * @param redis stays the caller's to close, after the fleet
     * @param pod this process's name, unique in the fleet
     * @param version the build, for the fleet's report
     */
    public static RoomFleet start(QueueRedis redis, FleetId fleet, String pod, String version, PodLoad load) {
        ServedFleet served = new ServedFleet(redis, fleet, pod, version, load, System::nanoTime);
        served.start();
        return served;
    }
}
