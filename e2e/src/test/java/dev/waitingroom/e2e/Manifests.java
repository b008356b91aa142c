package dev.waitingroom.e2e;

/** YAML of rooms and gateways. */
final class Manifests {
    private Manifests() {}

    /** A room whose spec has these lines. */
    static String room(String name, String... spec) {
        return object("WaitingRoom", name, spec);
    }

    /** A gateway whose spec has these lines. Its pods request little, so that many fit on a small node. */
    static String gateway(String name, String... spec) {
        return greedyGateway(name, spec) + "  resources: {requests: {cpu: 50m, memory: 256Mi}}\n";
    }

    /** A gateway whose spec has these lines and no others. */
    static String greedyGateway(String name, String... spec) {
        return object("WaitingRoomGateway", name, spec);
    }

    private static String object(String kind, String name, String... spec) {
        return """
                ---
                apiVersion: waitingroom.dev/v1alpha1
                kind: %s
                metadata: {name: %s}
                spec:
                  %s
                """.formatted(kind, name, String.join("\n  ", spec));
    }
}
