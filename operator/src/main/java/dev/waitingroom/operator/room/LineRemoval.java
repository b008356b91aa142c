package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.Annotations;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.gateway.GatewayCleanup;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.store.RedisUnavailableException;
import dev.waitingroom.queue.store.RoomRegistration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes a room's line from Redis when the room is deleted. The line is left in an unreachable Redis if the gateway or its Secret is
 * deleted, or if the room has the annotation {@value Annotations#ABANDON_LINE}.
 */
public final class LineRemoval {
    /** The result. */
    sealed interface Outcome {}

    /** Redis has no data of the room any more. */
    record Removed() implements Outcome {}

    /** The room may be released. Redis may still have data of it. */
    record Abandoned(String why) implements Outcome {}

    /** Redis does not answer now, and may come back. */
    record Later(String why) implements Outcome {}

    private record Reach(Optional<QueueRedis> redis, boolean known) {}

    private final RedisResolver resolver;
    private final RedisConnections connections;
    private final GatewayCleanup gateways;

    public LineRemoval(RedisResolver resolver, RedisConnections connections, GatewayCleanup gateways) {
        this.resolver = resolver;
        this.connections = connections;
        this.gateways = gateways;
    }

    /**
     * Removes the line. Repeatable.
     *
     * @param last whether no other room names the gateway
     */
    Outcome remove(WaitingRoom room, Optional<WaitingRoomGateway> gateway, boolean last) {
        GatewayId gatewayId = RoomSync.gatewayOf(room);
        Outcome outcome = removeLine(room, gatewayId, gateway);
        if (gateway.isEmpty() && last && !(outcome instanceof Later)) {
            gateways.remove(gatewayId);
        }
        return outcome;
    }

    private Outcome removeLine(WaitingRoom room, GatewayId gatewayId, Optional<WaitingRoomGateway> gateway) {
        RoomId id = RoomSync.idOf(room);
        Reach reach = reach(gatewayId, gateway);
        if (reach.redis.isEmpty()) {
            return new Abandoned("The Redis of the line is no longer known. Data that is left there stays.");
        }
        try {
            long incarnation = Policies.incarnation(room.getMetadata().getUid());
            for (String eventId : eventIds(room)) {
                reach.redis
                        .get()
                        .gatewayControl()
                        .unregister(gatewayId, new RoomRegistration(eventId, id, incarnation));
            }
            reach.redis.get().roomControl().clear(id);
            return new Removed();
        } catch (RedisUnavailableException e) {
            if (!reach.known || abandoned(room)) {
                return new Abandoned(
                        "Redis could not be reached (" + e.getMessage() + "). Data that is left there stays.");
            }
            return new Later("The line cannot be removed: " + e.getMessage()
                    + ". If that Redis is gone for good: kubectl annotate wr " + id.name() + " "
                    + Annotations.ABANDON_LINE + "=true");
        }
    }

    /** The event id that is served, and the one of a changed spec, which was refused. */
    private static Set<String> eventIds(WaitingRoom room) {
        String served = room.statusOrNone().eventId();
        return served == null ? Set.of(room.eventId()) : new TreeSet<>(List.of(room.eventId(), served));
    }

    private Reach reach(GatewayId gatewayId, Optional<WaitingRoomGateway> gateway) {
        if (gateway.isPresent()) {
            switch (resolver.resolve(gateway.get())) {
                case Found found -> {
                    try {
                        return new Reach(Optional.of(connections.connect(gatewayId, found.location())), true);
                    } catch (IllegalArgumentException e) {
                        return new Reach(connections.last(gatewayId), false);
                    }
                }
                case Problem problem -> {
                    return new Reach(connections.last(gatewayId), false);
                }
            }
        }
        return new Reach(connections.last(gatewayId).or(() -> installed(gatewayId)), false);
    }

    private Optional<QueueRedis> installed(GatewayId gatewayId) {
        return resolver.installed() instanceof Found found
                ? Optional.of(connections.connect(gatewayId, found.location()))
                : Optional.empty();
    }

    private static boolean abandoned(WaitingRoom room) {
        return room.getMetadata().getAnnotations() != null
                && "true".equals(room.getMetadata().getAnnotations().get(Annotations.ABANDON_LINE));
    }
}
