package dev.waitingroom.queue.store;

import dev.waitingroom.queue.RoomId;

/**
 * A room's place in its gateway's list.
 *
 * @param eventId what visitors name
 * @param room where its keys are
 * @param incarnation see {@link dev.waitingroom.queue.policy.Policy#incarnation}
 */
public record RoomRegistration(String eventId, RoomId room, long incarnation) {}
