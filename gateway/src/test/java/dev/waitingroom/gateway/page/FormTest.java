package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.session.SessionCheck;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.room.VisitorKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of the page: browsers without script get redirects, the script gets JSON. */
class FormTest {
    private static final String PAGE = "/waiting/evt";
    private static final String[] SCRIPT = {"Accept", "application/json"};
    private static final Unavailability DOWN =
            new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "no answer", Duration.ofSeconds(2));
    private static final AdmitOutcome.Granted GRANTED = new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2));

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add("evt");
    private final String token = gateway.token("evt");
    private final String cookie = "wrt-evt=" + token;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static String pair(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    // --- the way in ---

    @Test
    void visitorWithoutScriptJoinsWaitsAndEnters() {
        Answer joined = gateway.form(PAGE, "action=join&return=%2Fseats%3Fday%3D2");
        String waits = pair(joined.header("Set-Cookie"));
        Answer page = gateway.get(joined.header("Location"), "Cookie", waits);
        Answer entered = gateway.form(PAGE, "action=enter&return=%2Fseats%3Fday%3D2", "Cookie", waits);

        assertThat(joined.status()).isEqualTo(303);
        assertThat(joined.header("Location")).isEqualTo("/waiting/evt?return=%2Fseats%3Fday%3D2");
        assertThat(page.body()).contains("data-state=\"waiting\"", "value=\"/seats?day&#x3D;2\"");
        assertThat(entered.status()).isEqualTo(303);
        assertThat(entered.header("Location")).isEqualTo("/seats?day=2");
        assertThat(entered.header("Set-Cookie")).startsWith("wr-evt=");
        String session = pair(entered.header("Set-Cookie")).substring("wr-evt=".length());
        assertThat(gateway.sessions.verify(session, "evt", FakeRoom.INCARNATION))
                .isInstanceOf(SessionCheck.Valid.class);
    }

    @Test
    void visitorWithNobodyAheadIsInAtOnce() {
        room.joins = FakeRoom.done(new JoinOutcome.Admitted(FakeRoom.ticket("evt"), GRANTED));

        Answer joined = gateway.form(PAGE, "action=join&return=/seats");

        assertThat(joined.header("Location")).isEqualTo("/seats");
        assertThat(joined.all("Set-Cookie"))
                .satisfiesExactly(
                        waits -> assertThat(waits).startsWith(cookie),
                        session -> assertThat(session).startsWith("wr-evt="));
    }

    @Test
    void scriptGetsTheSameAsJson() {
        Answer joined = gateway.form(PAGE, "action=join&return=/seats", SCRIPT);
        Answer entered = gateway.form(PAGE, "action=enter&return=/seats", SCRIPT[0], SCRIPT[1], "Cookie", cookie);

        assertThat(joined.status()).isEqualTo(200);
        assertThat(joined.text("state")).isEqualTo("waiting");
        assertThat(joined.text("status")).contains("position=42");
        assertThat(joined.header("Set-Cookie")).startsWith(cookie);
        assertThat(entered.text("location")).isEqualTo("/seats");
        assertThat(entered.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void joinKeepsThePlaceThatStillWaits() {
        Answer joined = gateway.form(PAGE, "action=join", "Cookie", cookie);

        assertThat(joined.status()).isEqualTo(303);
        assertThat(room.keys).isEmpty();
    }

    @Test
    void joinOfAnAdmittedVisitorEntersAgain() {
        room.status = FakeRoom.gone(TicketStatus.State.ADMITTED);

        Answer joined = gateway.form(PAGE, "action=join&return=/seats", "Cookie", cookie);

        assertThat(joined.header("Location")).isEqualTo("/seats");
        assertThat(room.keys).isEmpty();
    }

    @Test
    void joinAfterALostPlaceTakesANewOne() {
        room.status = FakeRoom.gone(TicketStatus.State.EXPIRED);

        gateway.form(PAGE, "action=join", "Cookie", cookie);

        assertThat(room.keys).hasSize(1);
    }

    @Test
    void keyOfThePageMakesARepeatedJoinTheSame() {
        gateway.form(PAGE, "action=join&key=" + "a".repeat(22));
        gateway.form(PAGE, "action=join&key=forged");
        gateway.form(PAGE, "action=join");

        assertThat(room.keys)
                .containsExactly(
                        Optional.of(new VisitorKey(VisitorKey.Kind.IDEMPOTENCY_KEY, "page:" + "a".repeat(22))),
                        Optional.empty(),
                        Optional.empty());
    }

    // --- cookies ---

    @Test
    void cookiesAreForThisHostAndNotForScripts() {
        Answer plain = gateway.form(PAGE, "action=join");
        Answer https = gateway.form(PAGE, "action=join", "X-Forwarded-Proto", "https");

        assertThat(plain.header("Set-Cookie")).isEqualTo(cookie + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400");
        assertThat(https.header("Set-Cookie"))
                .isEqualTo("__Host-" + cookie + "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400");
    }

    @Test
    void leaveGivesThePlaceAndTheCookieUp() {
        Answer left = gateway.form(PAGE, "action=leave", "Cookie", cookie);
        Answer page = gateway.get(left.header("Location"));

        assertThat(left.header("Set-Cookie")).startsWith("wrt-evt=;").contains("Max-Age=0");
        assertThat(room.asked()).hasSize(1);
        assertThat(page.body()).contains("data-state=\"left\"");
    }

    // --- what goes wrong ---

    @Test
    void fullRoomIsShownWithAWayToTryAgain() {
        room.joins = FakeRoom.done(new JoinOutcome.Full(5));

        Answer joined = gateway.form(PAGE, "action=join");

        assertThat(joined.all("Set-Cookie")).isEmpty();
        assertThat(gateway.get(joined.header("Location")).body())
                .contains("data-state=\"full\"", "name=\"action\" value=\"join\"");
        assertThat(gateway.form(PAGE, "action=join", SCRIPT).number("retryMillis"))
                .isEqualTo(10_000);
    }

    @Test
    void closedRoomTellsItsReason() {
        room.joins = FakeRoom.done(new JoinOutcome.Rejected("sold out"));

        assertThat(gateway.form(PAGE, "action=join", SCRIPT).json())
                .containsEntry("state", "closed")
                .containsEntry("reason", "sold out");
    }

    @Test
    void redisAwayGivesNoPlaceAndLosesNone() {
        room.joins = FakeRoom.done(new JoinOutcome.Unavailable(DOWN));
        room.admits = FakeRoom.done(new AdmitOutcome.Unavailable(DOWN));
        room.leaves = FakeRoom.done(new LeaveOutcome.Unavailable(DOWN));

        assertThat(gateway.form(PAGE, "action=join", SCRIPT).json())
                .containsEntry("state", "busy")
                .containsEntry("retryMillis", 2_000L);
        for (String action : new String[] {"enter", "leave"}) {
            Answer answer = gateway.form(PAGE, "action=" + action, SCRIPT[0], SCRIPT[1], "Cookie", cookie);
            assertThat(answer.json()).as(action).containsEntry("state", "away");
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void turnThatHasNotComeKeepsWaiting() {
        room.admits = FakeRoom.done(new AdmitOutcome.NotYet(FakeRoom.waiting(9), Duration.ofSeconds(3)));

        Answer script = gateway.form(PAGE, "action=enter", SCRIPT[0], SCRIPT[1], "Cookie", cookie);
        Answer form = gateway.form(PAGE, "action=enter", "Cookie", cookie);

        assertThat(script.json()).containsEntry("state", "waiting").containsEntry("retryMillis", 3_000L);
        assertThat(form.header("Location")).isEqualTo("/waiting/evt?return=%2F");
        assertThat(form.all("Set-Cookie")).isEmpty();
    }

    @Test
    void turnWithoutATokenIsStillTheVisitorsTurn() {
        room.admits = FakeRoom.done(new AdmitOutcome.BucketEmpty(FakeRoom.waiting(1), Duration.ofSeconds(1)));

        assertThat(gateway.form(PAGE, "action=enter", SCRIPT[0], SCRIPT[1], "Cookie", cookie)
                        .text("state"))
                .isEqualTo("ready");
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED, lost", "LEFT, left", "CLOSED, over"})
    void lostPlaceIsSaid(TicketStatus.State gone, String state) {
        room.admits = FakeRoom.done(new AdmitOutcome.Gone(gone));

        assertThat(gateway.form(PAGE, "action=enter", SCRIPT[0], SCRIPT[1], "Cookie", cookie)
                        .text("state"))
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enter", "leave"})
    void withoutAPlaceThereIsNothingToEnterOrLeave(String action) {
        Answer answer = gateway.form(PAGE, "action=" + action);

        assertThat(answer.header("Location")).isEqualTo("/waiting/evt?return=%2F&outcome=lost");
        assertThat(room.asked()).isEmpty();
    }

    @Test
    void unknownEventIsOver() {
        assertThat(gateway.form("/waiting/other", "action=join", SCRIPT).text("state"))
                .isEqualTo("over");
    }

    // --- hostile input ---

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https%3A%2F%2Fevil.example",
                "%2F%2Fevil.example",
                "%2F%5Cevil.example",
                "%2F%09%2Fevil.example",
                "javascript%3Aalert(1)",
                "%2Fa%0D%0ALocation%3A%20x"
            })
    void entryLeadsToNoOtherHost(String hostile) {
        Answer entered = gateway.form(PAGE, "action=enter&return=" + hostile, "Cookie", cookie);

        assertThat(entered.header("Location")).isEqualTo("/");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Origin, https://evil.example",
        "Origin, null"
    })
    void formOfAnotherSiteIsRefused(String header, String value) {
        for (String action : new String[] {"join", "enter", "leave"}) {
            Answer answer = gateway.form(PAGE, "action=" + action, "Cookie", cookie, header, value);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text("code")).isEqualTo("CROSS_SITE");
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }
        assertThat(room.asked()).isEmpty();
        assertThat(room.keys).isEmpty();
    }

    @Test
    void ownPageMaySendTheForm() {
        assertThat(gateway.form(PAGE, "action=join", "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(303);
        assertThat(gateway.form(PAGE, "action=join", "Origin", "http://127.0.0.1:" + gateway.publicPort())
                        .status())
                .isEqualTo(303);
    }

    @Test
    void otherBodiesAreRefused() {
        assertThat(gateway.post(PAGE, "{\"action\":\"join\"}").status()).isEqualTo(415);
        assertThat(gateway.form(PAGE, "action=dance").text("detail"))
                .isEqualTo("action must be join, enter, leave, handover, takeover or takeback");
        assertThat(gateway.form(PAGE, "").status()).isEqualTo(400);
    }
}
