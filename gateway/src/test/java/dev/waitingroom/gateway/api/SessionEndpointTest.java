package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.room.Unavailability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    private FakeRoom limitedRoom() {
        FakeRoom room = gateway.registry.add("a");
        room.policy =
                room.policy.map(policy -> policy.withCap(Optional.of(new SessionCap(500, Duration.ofSeconds(600)))));
        return room;
    }

    private String cookie() {
        String set = gateway.sessions.start(FakeRoom.ticket("a"), FakeRoom.NOW, Duration.ofSeconds(600), false);
        return set.substring(0, set.indexOf(';'));
    }

    @Test
    void sessionOfALimitedRoomFreesItsPlace() {
        FakeRoom room = limitedRoom();

        assertThat(deleted(PATH, "Cookie", cookie())).hasSize(1);

        assertThat(room.ended).containsExactly(FakeRoom.ticket("a").number());
    }

    @Test
    void forgedSessionFreesNoPlace() {
        FakeRoom room = limitedRoom();

        assertThat(deleted(PATH, "Cookie", "wr-a=x")).hasSize(1);

        assertThat(room.ended).isEmpty();
    }

    @Test
    void sessionThatRedisCannotEndGoesOn() {
        limitedRoom().sessions = FakeRoom.done(new SessionOutcome.Unavailable(
                new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "no answer", Duration.ofSeconds(2))));

        Answer answer = gateway.send("DELETE", PATH, "", "Cookie", cookie());

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.all("Set-Cookie")).isEmpty();
    }

    @Test
    void nothingEndsWithoutASession() {
        assertThat(deleted(PATH)).isEmpty();
    }
}
