package dev.waitingroom.queue;

/**
 * Names a gateway: the namespace and name of its WaitingRoomGateway.
 *
 * @param namespace a Kubernetes namespace, 1..63 characters
 * @param name a Kubernetes object name, 1..253 characters
 */
public record GatewayId(String namespace, String name) {
    public GatewayId {
        RoomId.check("namespace", namespace);
        RoomId.check("name", name);
    }

    /** Reads {@code namespace/name}, the form of {@link #toString}. */
    public static GatewayId parse(String text) {
        RoomId id = RoomId.parse(text);
        return new GatewayId(id.namespace(), id.name());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
