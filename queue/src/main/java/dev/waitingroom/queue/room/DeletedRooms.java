package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.RoomRegistration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Rooms that were deleted lately. Keeps each one for as long as Redis does, in case Redis loses it. Written on the gateway's thread, read
 * by any.
 */
final class DeletedRooms {
    /** @param seenNanos when Redis last named it */
    private record Deleted(RoomRegistration room, long seenNanos) {}

    private final LongSupplier nanoTime;
    private volatile Map<String, Deleted> deleted = Map.of();

    DeletedRooms(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Redis names these. */
    void remember(List<RoomRegistration> list) {
        long now = nanoTime.getAsLong();
        Map<String, Deleted> known = new HashMap<>(deleted);
        known.values().removeIf(gone -> now - gone.seenNanos > GatewayScripts.DELETED_KNOWN.toNanos());
        list.forEach(room -> known.put(room.eventId(), new Deleted(room, now)));
        deleted = Map.copyOf(known);
    }

    /** The incarnation of the last room of this event that was deleted. */
    OptionalLong incarnation(String eventId) {
        Deleted known = deleted.get(eventId);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.room.incarnation());
    }

    boolean contains(RoomRegistration room) {
        OptionalLong known = incarnation(room.eventId());
        return known.isPresent() && known.getAsLong() == room.incarnation();
    }
}
