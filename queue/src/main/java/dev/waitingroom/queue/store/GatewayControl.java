package dev.waitingroom.queue.store;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import java.util.List;
import java.util.Optional;

/** A gateway's list of rooms and its pods' reports. Blocking, at most one second a call. Thread-safe. */
public interface GatewayControl {
    /**
     * Puts a room on the list, or finds it there.
     *
     * @return the other room, where the event id is taken
     * @throws RedisUnavailableException if Redis did not answer or refused
     */
    Optional<RoomId> register(GatewayId gateway, RoomRegistration room) throws RedisUnavailableException;

    /** Takes a deleted room off the list, if the event id is still its own, and has gateway processes close it. */
    void unregister(GatewayId gateway, RoomRegistration room) throws RedisUnavailableException;

    /** The rooms on the list. */
    List<RoomRegistration> rooms(GatewayId gateway) throws RedisUnavailableException;

    /** The last report of each pod. Leaves out pods that were silent for more than ten seconds. */
    List<PodReport> reports(GatewayId gateway) throws RedisUnavailableException;

    /**
     * Tries every command that the scripts call.
     *
     * @throws RedisUnavailableException naming the refused ones, or another reason why this Redis cannot be used
     */
    RedisCheck check(GatewayId gateway) throws RedisUnavailableException;

    /** Removes the gateway's own keys (its lists and reports); its rooms' keys are not touched. */
    void clear(GatewayId gateway) throws RedisUnavailableException;
}
