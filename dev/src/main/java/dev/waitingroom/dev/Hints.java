package dev.waitingroom.dev;

import java.net.URI;
import java.util.List;

/** Commands to try first. */
final class Hints {
    private Hints() {}

    /**
     * The commands can be copied and run in this order.
     *
     * @param shop whether the room protects a service
     */
    static List<String> of(URI address, String event, boolean shop) {
        String api = address + "/api/v1/queue";
        return List.of(
                "",
                shop
                        ? "The room admits. Open the shop behind it in a browser: %s/".formatted(address)
                        : "The room admits. Open its page in a browser: %s/waiting/%s".formatted(address, event),
                "Or join, ask where you stand, enter:",
                "  T=$(curl -s %s/join --json '{\"event_id\": \"%s\"}' | sed 's/.*\"waiting_token\":\"\\([^\"]*\\).*/\\1/')"
                        .formatted(api, event),
                "  curl -s \"%s/status?token=$T\"".formatted(api),
                "  curl -s %s/admit --json \"{\\\"waiting_token\\\": \\\"$T\\\"}\"".formatted(api),
                "The API is at %s/openapi.yaml. Ctrl-C ends it all.".formatted(address));
    }
}
