package dev.waitingroom.gateway;

import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomFleet;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Stands where the queue's fleet will, until it is there. */
final class NoRooms implements RoomFleet {
    @Override
    public Optional<Room> room(String eventId) {
        return Optional.empty();
    }

    @Override
    public Collection<Room> rooms() {
        return List.of();
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public Duration sinceRedisAnswered() {
        return Duration.ZERO;
    }

    @Override
    public void close() {}
}
