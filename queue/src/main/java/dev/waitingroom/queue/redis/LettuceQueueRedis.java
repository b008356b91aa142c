package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.FleetControl;
import dev.waitingroom.queue.control.RoomControl;

/** The scripts over a connection. */
final class LettuceQueueRedis implements QueueRedis {
    private final RedisLink link;
    private final Scripts scripts;
    private final RoomControlCalls rooms;
    private final FleetCalls fleets;

    LettuceQueueRedis(RedisLink link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
        this.rooms = new RoomControlCalls(link, scripts);
        this.fleets = new FleetCalls(link, scripts);
    }

    @Override
    public RoomScripts scripts(RoomId room) {
        return new RoomCalls(link, scripts, room);
    }

    @Override
    public FleetScripts fleet(FleetId fleet) {
        return fleets.of(fleet);
    }

    @Override
    public RoomControl roomControl() {
        return rooms;
    }

    @Override
    public FleetControl fleetControl() {
        return fleets;
    }

    @Override
    public void close() {
        link.close();
    }
}
