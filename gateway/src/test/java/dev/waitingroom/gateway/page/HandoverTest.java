package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.MoveOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A place that goes on on another device, with and without script. */
class HandoverTest {
    private static final String PAGE = "/waiting/evt";
    private static final String[] SCRIPT = {"Accept", "application/json"};
    private static final Ticket LAPTOP = FakeRoom.ticket("evt");

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add("evt");
    private final String cookie = "wrt-evt=" + gateway.tokens.encode(LAPTOP);
    private final String code = gateway.handovers.encode(LAPTOP, FakeRoom.NOW);

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static String state(Answer page) {
        Matcher state = Pattern.compile("<main [^>]*data-state=\"([a-z]+)\"").matcher(page.body());
        assertThat(state.find()).as(page.body()).isTrue();
        return state.group(1);
    }

    @SuppressWarnings("unchecked") // a JSON object
    private static Map<String, Object> link(Answer answer) {
        return (Map<String, Object>) Objects.requireNonNull(answer.json().get("link"));
    }

    private static String found(String pattern, String text) {
        Matcher match = Pattern.compile(pattern).matcher(text);
        assertThat(match.find()).as(pattern + " in " + text).isTrue();
        return match.group(1);
    }

    // --- the device that has the place ---

    @Test
    void scriptGetsALinkAndItsPicture() {
        Answer answer = gateway.form(
                PAGE,
                "action=handover&return=/seats",
                "Accept",
                "application/json",
                "Cookie",
                cookie,
                "Origin",
                "http://127.0.0.1:" + gateway.publicPort());

        String url = String.valueOf(link(answer).get("url"));
        assertThat(url)
                .startsWith("http://127.0.0.1:" + gateway.publicPort() + "/waiting/evt?return=%2Fseats&code=")
                .doesNotContain(gateway.tokens.encode(LAPTOP));
        assertThat(gateway.handovers.verify(
                        url.substring(url.indexOf("code=") + 5), "evt", FakeRoom.INCARNATION, FakeRoom.NOW))
                .contains(LAPTOP);
        assertThat(QrPictureTest.read(
                        Integer.parseInt(String.valueOf(link(answer).get("size"))),
                        String.valueOf(link(answer).get("path"))))
                .isEqualTo(url);
        assertThat(link(answer)).containsEntry("lastsMillis", 600_000L);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(room.moves).as("nothing has moved yet").isEmpty();
    }

    @Test
    void withoutScriptThePageShowsLinkAndPicture() {
        Answer page = gateway.form(PAGE, "action=handover&return=/seats", "Cookie", cookie);

        String url = found("<a id=\"wr-link\" href=\"([^\"]+)\"", page.body())
                .replace("&#x3D;", "=")
                .replace("&amp;", "&");
        String size = found("viewBox=\"0 0 (\\d+) \\d+\"", page.body());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(state(page)).isEqualTo("waiting");
        assertThat(page.body()).contains("id=\"wr-handover\" open>", "content=\"30; url&#x3D;/waiting/evt?return");
        assertThat(QrPictureTest.read(Integer.parseInt(size), found("<path d=\"([^\"]*)\"", page.body())))
                .isEqualTo(url);
    }

    @Test
    void linkNamesTheHostThatTheBrowserSees() {
        Answer https = gateway.form(
                PAGE,
                "action=handover",
                "Accept",
                "application/json",
                "Cookie",
                "__Host-" + cookie,
                "X-Forwarded-Proto",
                "https",
                "Sec-Fetch-Site",
                "same-origin",
                "Origin",
                "https://shop.example:8443");
        Answer odd = gateway.form(
                PAGE,
                "action=handover",
                "Accept",
                "application/json",
                "Cookie",
                cookie,
                "Sec-Fetch-Site",
                "same-origin",
                "Origin",
                "https://shop.example\"><script>");

        assertThat(String.valueOf(link(https).get("url"))).startsWith("https://shop.example:8443/waiting/evt?");
        assertThat(String.valueOf(link(odd).get("url")))
                .startsWith("http://127.0.0.1:" + gateway.publicPort() + "/waiting/evt?");
    }

    @Test
    void placeThatIsOverHasNoLink() {
        room.status = FakeRoom.gone(TicketStatus.State.EXPIRED);

        Answer answer = gateway.form(PAGE, "action=handover", SCRIPT[0], SCRIPT[1], "Cookie", cookie);

        assertThat(answer.json()).containsEntry("state", "lost").doesNotContainKey("link");
    }

    // --- the device that takes the place ---

    /** Previews of links and search engines send a GET as well, and a visitor may be sent to it by another one. */
    @Test
    void openedLinkAsksAndTakesNothing() {
        Answer page = gateway.get(PAGE + "?return=/seats&code=" + code);

        assertThat(state(page)).isEqualTo("takeover");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.body()).contains("name=\"code\" value=\"" + code + "\"", "name=\"action\" value=\"takeover\"");
        assertThat(page.all("Set-Cookie")).isEmpty();
        assertThat(room.moves).isEmpty();
    }

    @Test
    void takeoverGivesThisDeviceATicketOfItsOwn() {
        Answer form = gateway.form(PAGE, "action=takeover&return=/seats&code=" + code);
        Answer script = gateway.form(PAGE, "action=takeover&code=" + code, SCRIPT);

        String phone =
                "wrt-evt=" + gateway.tokens.encode(LAPTOP.on(1)) + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400";
        assertThat(form.header("Location")).isEqualTo("/waiting/evt?return=%2Fseats");
        assertThat(form.header("Set-Cookie")).isEqualTo(phone);
        assertThat(script.header("Set-Cookie")).isEqualTo(phone);
        assertThat(script.text("state")).isEqualTo("waiting");
        assertThat(script.text("status")).contains("position=42");
        assertThat(room.moves).as("only from the device that shows the link").containsExactly(false, false);
    }

    @Test
    void codeThatWasUsedIsSaid() {
        room.moved = ticket -> FakeRoom.done(new MoveOutcome.TakenAlready());

        Answer form = gateway.form(PAGE, "action=takeover&code=" + code);

        assertThat(form.header("Location")).isEqualTo("/waiting/evt?return=%2F&outcome=link");
        assertThat(state(gateway.get(form.header("Location")))).isEqualTo("link");
        assertThat(form.all("Set-Cookie")).isEmpty();
        assertThat(gateway.form(PAGE, "action=takeover&code=" + code, SCRIPT).text("state"))
                .isEqualTo("link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "forged", "old"})
    void badCodeMovesNothing(String bad) {
        String sent = bad.equals("old") ? gateway.handovers.encode(LAPTOP, FakeRoom.NOW.minusSeconds(600)) : bad;

        assertThat(state(gateway.get(PAGE + "?code=" + sent))).isEqualTo("link");
        assertThat(gateway.form(PAGE, "action=takeover&code=" + sent, SCRIPT).text("state"))
                .isEqualTo("link");
        assertThat(room.moves).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED, lost", "LEFT, left", "ADMITTED, lost", "CLOSED, over"})
    void placeThatEndedMeanwhileIsSaid(TicketStatus.State ended, String state) {
        room.moved = ticket -> FakeRoom.done(new MoveOutcome.Over(ended));

        assertThat(gateway.form(PAGE, "action=takeover&code=" + code, SCRIPT).text("state"))
                .isEqualTo(state);
    }

    @Test
    void redisAwayKeepsTheLinkGood() {
        room.moved = ticket -> FakeRoom.done(new MoveOutcome.Unavailable(
                new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "no answer", Duration.ofSeconds(2))));

        Answer form = gateway.form(PAGE, "action=takeover&return=/seats&code=" + code);
        Answer back = gateway.form(PAGE, "action=takeback", "Cookie", cookie);

        assertThat(form.header("Location")).isEqualTo("/waiting/evt?return=%2Fseats&code=" + code);
        assertThat(back.header("Location")).isEqualTo("/waiting/evt?return=%2F");
        assertThat(gateway.form(PAGE, "action=takeover&code=" + code, SCRIPT).json())
                .containsEntry("state", "busy")
                .containsEntry("retryMillis", 2_000L);
    }

    // --- a link that another visitor sent (session fixation) ---

    /** Who opens it is told that a place of their own is given up, and nothing of theirs becomes known to the sender. */
    @Test
    void visitorWithAPlaceIsWarnedAndKeepsItUntilTheyAgree() {
        Ticket own = new Ticket("evt", FakeRoom.INCARNATION, 2_000_002, FakeRoom.NOW, Optional.empty());
        String ownCookie = "wrt-evt=" + gateway.tokens.encode(own);

        Answer page = gateway.get(PAGE + "?code=" + code, "Cookie", ownCookie);

        assertThat(state(page)).isEqualTo("replace");
        assertThat(page.body()).contains("It gives that one up");
        assertThat(page.all("Set-Cookie")).isEmpty();
        assertThat(state(gateway.get(PAGE, "Cookie", ownCookie))).isEqualTo("waiting");

        Answer agreed = gateway.form(PAGE, "action=takeover&code=" + code, "Cookie", ownCookie);

        assertThat(agreed.header("Set-Cookie")).startsWith("wrt-evt=" + gateway.tokens.encode(LAPTOP.on(1)));
        assertThat(room.left).as("places that were given up").containsExactly(own);
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site, cross-site", "Origin, https://evil.example"})
    void anotherSiteCannotMakeAVisitorTakeAPlace(String header, String value) {
        for (String action : new String[] {"takeover", "takeback", "handover"}) {
            Answer answer = gateway.form(PAGE, "action=" + action + "&code=" + code, "Cookie", cookie, header, value);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }
        assertThat(room.moves).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "https://evil.example", "/%5Cevil.example"})
    void linkLeadsToNoOtherHost(String hostile) {
        Answer answer = gateway.form(PAGE, "action=takeover&code=" + code + "&return=" + hostile);

        assertThat(answer.header("Location")).isEqualTo("/waiting/evt?return=%2F");
    }

    // --- the device that lost the place ---

    @Test
    void earlierDeviceIsToldAndMayTakeThePlaceBack() {
        room.status = FakeRoom.gone(TicketStatus.State.MOVED);
        Answer page = gateway.get(PAGE, "Cookie", cookie);
        room.status = FakeRoom.waiting(42);
        Answer back = gateway.form(PAGE, "action=takeback", "Cookie", cookie);

        assertThat(state(page)).isEqualTo("moved");
        assertThat(page.body())
                .contains("name=\"action\" value=\"takeback\"")
                .contains("id=\"wr-second\" name=\"action\" value=\"join\">");
        assertThat(back.header("Set-Cookie")).startsWith("wrt-evt=" + gateway.tokens.encode(LAPTOP.on(1)));
        assertThat(room.moves).as("whichever device has it").containsExactly(true);
    }

    @Test
    void earlierDeviceMayBeginAgainWithAPlaceOfItsOwn() {
        room.status = FakeRoom.gone(TicketStatus.State.MOVED);

        gateway.form(PAGE, "action=join&key=" + "a".repeat(22), "Cookie", cookie);

        assertThat(room.keys)
                .as("the page's key may be that of the place that moved")
                .containsExactly(Optional.empty());
    }

    @Test
    void apiSaysMoved() {
        room.status = FakeRoom.gone(TicketStatus.State.MOVED);
        room.admits = FakeRoom.done(new AdmitOutcome.Gone(TicketStatus.State.MOVED));
        String token = gateway.tokens.encode(LAPTOP);

        assertThat(gateway.get("/api/v1/queue/status?token=" + token).text("status"))
                .isEqualTo("moved");
        Answer admit = gateway.post("/api/v1/queue/admit", "{\"waiting_token\":\"" + token + "\"}");
        assertThat(admit.status()).isEqualTo(410);
        assertThat(admit.text("code")).isEqualTo("MOVED");
    }
}
