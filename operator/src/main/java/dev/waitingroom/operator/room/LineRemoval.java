package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.gateway.GatewayCleanup;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisResolution.Found;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.RedisUnavailableException;
import dev.waitingroom.queue.control.RoomRegistration;
import dev.waitingroom.queue.redis.QueueRedis;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes a room's line from Redis when its object is deleted. It does not insist for ever: a Redis whose gateway or Secret is gone, or
 * a room with the annotation {@value #ABANDON}, is left as it is.
 */
public final class LineRemoval {
    /** {@code kubectl annotate wr NAME waitingroom.dev/abandon-line=true}: delete the object though Redis cannot be reached. */
    public static final String ABANDON = "waitingroom.dev/abandon-line";

    /** What came of it. */
    sealed interface Outcome {}

    /** Nothing of the room is left in Redis. */
    record Removed() implements Outcome {}

    /** The object may go; something may be left. */
    record Abandoned(String why) implements Outcome {}

    /** Redis does not answer, and may come back. */
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
     * Does it. Repeatable.
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
            return new Abandoned("It is not known any more which Redis held the line; what is left there stays.");
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
                return new Abandoned("Redis could not be reached (" + e.getMessage() + "); what is left there stays.");
            }
            return new Later("The line cannot be removed: " + e.getMessage()
                    + ". If that Redis is gone for good: kubectl annotate wr " + id.name() + " " + ABANDON + "=true");
        }
    }

    /** The one that it is served by, and the one of a changed spec, which was refused. */
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
                && "true".equals(room.getMetadata().getAnnotations().get(ABANDON));
    }
}
