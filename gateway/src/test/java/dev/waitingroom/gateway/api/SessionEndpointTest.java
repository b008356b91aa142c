package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.TestGateway;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionEndpointTest {
    private static final String PATH = "/api/v1/queue/session";

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private List<String> deleted(String path, String... headers) {
        Answer answer = gateway.send("DELETE", path, "", headers);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("status", "ended");
        return answer.all("Set-Cookie");
    }

    @Test
    void everySessionOfTheRequestEnds() {
        assertThat(deleted(PATH, "Cookie", "wr-a=x; sid=1; wr-b=y"))
                .containsExactlyInAnyOrder(
                        "wr-a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
                        "wr-b=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    @Test
    void sessionOfOneEventEnds() {
        assertThat(deleted(PATH + "?event_id=b", "Cookie", "wr-a=x; wr-b=y"))
                .containsExactly("wr-b=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    /** Its ticket is admitted: the page would lead in again without a wait. */
    @Test
    void placeEndsWithItsSession() {
        assertThat(deleted(PATH, "Cookie", "wr-a=x; wrt-a=y; wrt-b=z"))
                .containsExactlyInAnyOrder(
                        "wr-a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
                        "wrt-a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    /** The test's own address is a trusted proxy. */
    @Test
    void secureCookieEndsOverHttps() {
        assertThat(deleted(PATH, "Cookie", "__Host-wr-a=x; wr-a=y", "X-Forwarded-Proto", "https"))
                .containsExactly("__Host-wr-a=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    @Test
    void nothingEndsWithoutASession() {
        assertThat(deleted(PATH)).isEmpty();
    }
}
