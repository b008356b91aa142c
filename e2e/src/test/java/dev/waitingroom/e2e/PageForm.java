package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * The form of a room's page, as a browser without script sends it.
 *
 * @param door the gateway, or a proxy in front of it
 */
record PageForm(GatewayApi door, String room) {
    /** Joins a room that lets its first visitors in at once, and returns the cookie of the session. */
    String enter() {
        return await().atMost(SOON).until(() -> session(join("/")), cookie -> !cookie.isEmpty());
    }

    /** @param wanted the path that the visitor asked for */
    HttpResponse<String> join(String wanted) throws IOException, InterruptedException {
        return door.http()
                .send(
                        HttpRequest.newBuilder(door.base().resolve("waiting/" + room))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(
                                        "action=join&return=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8)))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** The cookie of the session in an answer, or nothing. */
    String session(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("wr-" + room + "="))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElse("");
    }
}
