package dev.waitingroom.queue;

import java.util.regex.Pattern;

/**
 * Names a room: its object's namespace and name.
 *
 * @param namespace a Kubernetes namespace, 1..63 characters
 * @param name a Kubernetes object name, 1..253 characters
 */
public record RoomId(String namespace, String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    public RoomId {
        check("namespace", namespace);
        check("name", name);
    }

    /** Reads {@code namespace/name}, the form of {@link #toString}. */
    public static RoomId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a room is named namespace/name, not \"" + text + "\"");
        }
        return new RoomId(text.substring(0, slash), text.substring(slash + 1));
    }

    static void check(String field, String value) {
        if (value.length() > 253 || !NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(field
                    + " must be a Kubernetes name (lower case letters, digits, '-' and '.'), not \"" + value + "\"");
        }
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
