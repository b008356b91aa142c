package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Spells every Redis key; scripts append numbers to those that end in a colon. A room's keys share a hash tag, so a Cluster slot. */
final class Keys {
    /** In the order in which {@code line.lua} names them. */
    private static final List<String> ROOM = List.of(
            "policy",
            "state",
            "changes",
            "turns",
            "gateways",
            "pages",
            "scratch:",
            "alive:",
            "asleep:",
            "came:",
            "departed:",
            "seen:",
            "granted:",
            "who:",
            "batch:",
            "site",
            "devices",
            "active");

    private Keys() {}

    static byte[][] room(RoomId room) {
        return ROOM.stream().map(name -> key(room.toString(), name)).toArray(byte[][]::new);
    }

    /** What stands in logs for a room's keys. */
    static String roomPrefix(RoomId room) {
        return "wr:{" + room + "}:";
    }

    /** What scripts call lost, by its place among a room's keys; 0 is none of them. */
    static String lost(int place) {
        return place == 0 ? "" : ROOM.get(place - 1);
    }

    /** The list of rooms, the pods' reports, and the rooms that were deleted lately. */
    static byte[][] gateway(GatewayId gateway) {
        String tag = gateway.toString();
        return new byte[][] {key(tag, "rooms"), key(tag, "reports"), key(tag, "deleted")};
    }

    /** What {@code check.lua} tries commands on. */
    static byte[][] check(GatewayId gateway) {
        return new byte[][] {key(gateway.toString(), "check:")};
    }

    private static byte[] key(String tag, String name) {
        return ("wr:{" + tag + "}:" + name).getBytes(StandardCharsets.UTF_8);
    }
}
