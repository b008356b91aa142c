package dev.waitingroom.chaos.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.history.SessionOutcome;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.HttpAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionCallsTest {
    private static final Instant OVER = Instant.parse("2026-11-27T12:00:00.250Z");

    private final SiteKeys keys;
    private final SessionCookies cookies;
    private final SessionCalls calls;

    SessionCallsTest(@TempDir Path directory) throws Exception {
        keys = SiteKeys.make(directory);
        Policy policy = new Policy(
                "sale",
                7,
                1,
                Mode.QUEUE,
                1,
                Duration.ofSeconds(1),
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                OptionalLong.empty(),
                Duration.ofSeconds(10),
                "");
        cookies = new SessionCookies(keys.sessions(), policy);
        calls = new SessionCalls("sale", cookies);
    }

    private String cookie(String event) {
        Session session = new Session(event, 7, "AAAAAAAAAAAAAAAAAAAAAA", OptionalLong.of(42), OVER);
        return VisitorCookie.SESSION.set(event, false, keys.sessions().encode(session), Duration.ofSeconds(5));
    }

    private static Optional<HttpAnswer> answer(int status, String body, String... cookies) {
        return Optional.of(new HttpAnswer(status, List.of(cookies), body));
    }

    @Test
    void pageThatLetsInSetsACookie() {
        assertThat(calls.begun(answer(200, "{\"state\":\"entering\"}", cookie("sale"))))
                .isEqualTo(new SessionOutcome.Passed(OptionalLong.of(Recorder.micros(OVER))));
        assertThat(calls.begun(answer(200, "{\"state\":\"entering\"}"))).isInstanceOf(SessionOutcome.Unexpected.class);
        assertThat(calls.begun(answer(200, "{\"state\":\"entering\"}", cookie("other"))))
                .isInstanceOf(SessionOutcome.Unexpected.class);
    }

    @Test
    void pageMayKeepOutOrNotKnow() {
        assertThat(calls.begun(answer(200, "{\"state\":\"lost\"}"))).isEqualTo(new SessionOutcome.KeptOut());
        assertThat(calls.begun(answer(200, "{\"state\":\"away\"}"))).isEqualTo(new SessionOutcome.Unknown());
        assertThat(calls.begun(answer(503, "{}"))).isEqualTo(new SessionOutcome.Unknown());
        assertThat(calls.begun(Optional.empty())).isEqualTo(new SessionOutcome.Unknown());
        assertThat(calls.begun(answer(200, "<html>"))).isInstanceOf(SessionOutcome.Unexpected.class);
    }

    @Test
    void routeCheckAnswersTwoWays() {
        assertThat(calls.used(answer(200, ""))).isEqualTo(new SessionOutcome.Passed(OptionalLong.empty()));
        assertThat(calls.used(answer(429, "{}"))).isEqualTo(new SessionOutcome.KeptOut());
        assertThat(calls.used(answer(503, "{}"))).isEqualTo(new SessionOutcome.Unexpected("503: {}"));
    }

    @Test
    void endThatRedisDidNotHearOfMayHaveHadItsEffect() {
        assertThat(SessionCalls.ended(answer(200, "{}"))).isEqualTo(new SessionOutcome.Ended());
        assertThat(SessionCalls.ended(answer(503, "{}"))).isEqualTo(new SessionOutcome.Unknown());
        assertThat(SessionCalls.ended(answer(400, "{}"))).isEqualTo(new SessionOutcome.Unexpected("400: {}"));
    }

    @Test
    void alteredCookieIsNoSession() {
        String value = cookies.set(List.of(cookie("sale"))).orElseThrow().value();
        SplittableRandom random = new SplittableRandom(1);

        for (int i = 0; i < 1_000; i++) {
            String altered = SessionCookies.altered(value, random);
            assertThat(altered).isNotEqualTo(value);
            assertThat(cookies.set(List.of("wr-sale=" + altered + "; Path=/"))).isEmpty();
        }
    }
}
