package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cookie of the page in place of the token. */
class WaitingTokenTest {
    private static final String STATUS = "/api/v1/queue/status?event_id=evt";
    private static final String ADMIT = "/api/v1/queue/admit?event_id=evt";

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add("evt");
    private final String[] cookie = {"Cookie", "a=b; wrt-evt=" + gateway.token("evt")};

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String[] cookieAnd(String name, String value) {
        return new String[] {cookie[0], cookie[1], name, value};
    }

    @Test
    void statusReadsTheCookieOfTheEvent() {
        assertThat(gateway.get(STATUS, cookie).number("position")).isEqualTo(42);
    }

    @Test
    void cookieOfAnotherEventIsNotRead() {
        assertThat(gateway.get("/api/v1/queue/status?event_id=other", cookie).text("code"))
                .isEqualTo("MISSING_FIELD");
        assertThat(gateway.get("/api/v1/queue/status", cookie).text("code")).isEqualTo("MISSING_FIELD");
    }

    @Test
    void tokenCountsMoreThanTheCookie() {
        assertThat(gateway.get(STATUS + "&token=junk", cookie).text("code")).isEqualTo("INVALID_TOKEN");
    }

    @Test
    void overHttpsOnlyTheCookieOfThisHostCounts() {
        String[] https = {"X-Forwarded-Proto", "https"};

        assertThat(gateway.get(STATUS, cookieAnd(https[0], https[1])).text("code"))
                .isEqualTo("MISSING_FIELD");
        assertThat(gateway.get(STATUS, "Cookie", "__Host-wrt-evt=" + gateway.token("evt"), https[0], https[1])
                        .status())
                .isEqualTo(200);
    }

    @Test
    void ownPageMayAdmitAndLeave() {
        assertThat(gateway.post(ADMIT, "{}", cookieAnd("Sec-Fetch-Site", "same-origin"))
                        .text("admission"))
                .isEqualTo("granted");
        assertThat(gateway.post("/api/v1/queue/leave?event_id=evt", "{}", cookieAnd("Sec-Fetch-Site", "same-origin"))
                        .text("status"))
                .isEqualTo("left");
    }

    @Test
    void pageOfAnotherSiteChangesNothing() {
        Answer admit = gateway.post(ADMIT, "{}", cookieAnd("Sec-Fetch-Site", "cross-site"));
        Answer leave =
                gateway.post("/api/v1/queue/leave?event_id=evt", "{}", cookieAnd("Origin", "https://evil.example"));

        assertThat(admit.text("code")).isEqualTo("MISSING_FIELD");
        assertThat(leave.text("code")).isEqualTo("MISSING_FIELD");
        assertThat(room.asked()).isEmpty();
    }

    @Test
    void joinKeepsThePlaceOfTheCookie() {
        Answer joined = gateway.post(
                "/api/v1/queue/join", "{\"event_id\":\"evt\"}", cookieAnd("Sec-Fetch-Site", "same-origin"));

        assertThat(joined.text("waiting_token")).isEqualTo(gateway.token("evt"));
        assertThat(room.keys).isEmpty();
    }
}
