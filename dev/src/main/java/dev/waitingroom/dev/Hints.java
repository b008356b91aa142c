package dev.waitingroom.dev;

import java.net.URI;
import java.util.List;

/** Commands to try first. */
final class Hints {
    private Hints() {}

    /** The commands can be copied and run in this order. */
    static List<String> of(URI address, String event) {
        String api = address + "/api/v1/queue";
        return List.of(
                "",
                "The room admits. Open its page in a browser: %s/waiting/%s".formatted(address, event),
                "Or join, ask where you stand, enter:",
                "  T=$(curl -s %s/join --json '{\"event_id\": \"%s\"}' | sed 's/.*\"waiting_token\":\"\\([^\"]*\\).*/\\1/')"
                        .formatted(api, event),
                "  curl -s \"%s/status?token=$T\"".formatted(api),
                "  curl -s %s/admit --json \"{\\\"waiting_token\\\": \\\"$T\\\"}\"".formatted(api),
                "The API is at %s/openapi.yaml. Ctrl-C ends it all.".formatted(address));
    }
}
