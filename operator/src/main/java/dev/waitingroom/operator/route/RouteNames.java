package dev.waitingroom.operator.route;

import dev.waitingroom.api.v1alpha1.Labels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Names, labels and field manager of what is written for a room. Pure. */
final class RouteNames {
    private static final int NAME_LENGTH = 40;
    private static final int HASH_LENGTH = 16;

    private RouteNames() {}

    /** The name of all objects that are written for one target. */
    static String object(RouteCheck check, TargetId target) {
        String room = check.room().length() > NAME_LENGTH
                ? check.room().substring(0, NAME_LENGTH).replaceFirst("[-.]+$", "")
                : check.room();
        return room.replace('.', '-') + "-" + hash(check.namespace() + "/" + check.room() + "/" + target);
    }

    /** The room's own labels. A room's name may be too long for a value. */
    static Map<String, String> labels(String namespace, String room) {
        return Map.of(Labels.MANAGED_BY, Labels.OPERATOR, Labels.ROUTE_CHECK, hash(namespace + "/" + room));
    }

    /** A manager for each room, so that two rooms on one target conflict. */
    static String manager(String namespace, String room) {
        return Labels.OPERATOR + "/" + hash(namespace + "/" + room);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
