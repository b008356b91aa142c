package dev.waitingroom.gateway;

import dev.waitingroom.queue.room.RedisState;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A registry of the rooms that a test adds. */
public final class FakeRoomRegistry implements RoomRegistry {
    public final Map<String, FakeRoom> rooms = new ConcurrentHashMap<>();
    public volatile boolean ready = true;
    public volatile boolean closed;
    public volatile boolean settled = true;
    public volatile RedisState redis = RedisState.UNKNOWN;
    public volatile OptionalLong deleted = OptionalLong.empty();
    public volatile Duration silence = Duration.ofMillis(80);

    public FakeRoom add(String eventId) {
        FakeRoom room = new FakeRoom(eventId);
        rooms.put(eventId, room);
        return room;
    }

    @Override
    public Optional<Room> room(String eventId) {
        return Optional.ofNullable(rooms.get(eventId));
    }

    @Override
    public Collection<Room> rooms() {
        return List.copyOf(rooms.values());
    }

    @Override
    public OptionalLong deleted(String eventId) {
        return deleted;
    }

    @Override
    public boolean settled() {
        return settled;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Duration sinceRedisAnswered() {
        return silence;
    }

    @Override
    public RedisState redis() {
        return redis;
    }

    @Override
    public void close() {
        closed = true;
    }
}
