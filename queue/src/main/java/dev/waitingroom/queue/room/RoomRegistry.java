package dev.waitingroom.queue.room;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.store.QueueStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/** The rooms that this process serves: the gateway's list in Redis, read once a second. Each room refreshes itself. Thread-safe. */
public interface RoomRegistry extends AutoCloseable {
    /**
     * Serves the rooms of a gateway. Redis need not be there yet.
     *
     * @param store stays the caller's to close, after the registry
     * @param pod this process's name, unique in the gateway
     * @param version the build, for the gateway's report
     */
    static RoomRegistry start(QueueStore store, GatewayId gateway, String pod, String version, PodLoad load) {
        LiveRoomRegistry registry = new LiveRoomRegistry(store, gateway, pod, version, load, System::nanoTime);
        registry.start();
        return registry;
    }

    /** The room of an event; empty where the gateway does not serve it. */
    Optional<Room> room(String eventId);

    Collection<Room> rooms();

    /**
     * Whether an event without a room here surely has none. False in a process' first minute: Redis may have lost the list together with
     * the line, and not have it again yet.
     */
    boolean settled();

    /** The incarnation of the last room of this event that was deleted in the last ten minutes; there may be another room since. */
    OptionalLong deleted(String eventId);

    /** Whether the gateway's list and the snapshot of each room on it were read at least once, from a Redis that can be used. */
    boolean ready();

    /** How long ago Redis last answered. More than two seconds means trouble. */
    Duration sinceRedisAnswered();

    /** Whether Redis can be used and keeps its keys, by the last check. */
    RedisState redis();

    /** Answers held admits, sends pending heartbeats, tells Redis that this pod stops, and stops. Waits at most 3 s. */
    @Override
    void close();
}
