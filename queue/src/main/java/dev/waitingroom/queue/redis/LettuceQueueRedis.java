package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.store.GatewayControl;
import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.RoomControl;
import dev.waitingroom.queue.store.RoomScripts;

/** The scripts over a connection. */
final class LettuceQueueRedis implements QueueRedis {
    private final ScriptClient link;
    private final Scripts scripts;
    private final RedisRoomControl rooms;
    private final RedisGatewayCommands gateways;

    LettuceQueueRedis(ScriptClient link, Scripts scripts) {
        this.link = link;
        this.scripts = scripts;
        this.rooms = new RedisRoomControl(link, scripts);
        this.gateways = new RedisGatewayCommands(link, scripts);
    }

    @Override
    public RoomScripts scripts(RoomId room) {
        return new RedisRoomCommands(link, scripts, room);
    }

    @Override
    public GatewayScripts gateway(GatewayId gateway) {
        return gateways.of(gateway);
    }

    @Override
    public RoomControl roomControl() {
        return rooms;
    }

    @Override
    public GatewayControl gatewayControl() {
        return gateways;
    }

    @Override
    public void close() {
        link.close();
    }
}
