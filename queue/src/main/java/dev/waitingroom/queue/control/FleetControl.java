package dev.waitingroom.queue.control;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import java.util.List;
import java.util.Optional;

/** A fleet's list of rooms and its pods' reports. Blocking, at most one second a call. Thread-safe. */
public interface FleetControl {
    /**
     * Puts a room on the list, or finds it there.
     *
     * @return the other room, where the event id is taken
     * @throws RedisUnavailableException if Redis did not answer or refused
     */
    Optional<RoomId> register(FleetId fleet, FleetRoom room) throws RedisUnavailableException;

    /** Takes a room off the list, if that event id is still its own, and has gateways close it: it was deleted. */
    void unregister(FleetId fleet, FleetRoom room) throws RedisUnavailableException;

    /** The rooms on the list. */
    List<FleetRoom> rooms(FleetId fleet) throws RedisUnavailableException;

    /** What the pods said last; those silent for more than ten seconds are left out. */
    List<PodReport> reports(FleetId fleet) throws RedisUnavailableException;

    /**
     * Tries every command that the scripts call.
     *
     * @throws RedisUnavailableException naming those that are refused, or what else keeps this Redis from being used
     */
    RedisCheck check(FleetId fleet) throws RedisUnavailableException;

    /** Removes the fleet's own keys (its lists and reports); its rooms' keys are not touched. */
    void clear(FleetId fleet) throws RedisUnavailableException;
}
