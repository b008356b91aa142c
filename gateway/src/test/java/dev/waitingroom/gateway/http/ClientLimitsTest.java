package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.client.RequestLimit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rate limits of clients behind a trusted proxy. */
class ClientLimitsTest {
    /** So low that a bucket does not refill while a test runs. */
    private static final int RATE = 2;

    private static final int BURST = RATE * RequestLimit.BURST_SECONDS;
    private static final String[] GREEDY = {"X-Forwarded-For", "203.0.113.1"};
    private static final String[] OTHER = {"X-Forwarded-For", "203.0.113.2"};

    private final TestGateway gateway = new TestGateway(TestGateway.LIMITS, RATE);

    @BeforeEach
    void serve() {
        gateway.registry.add("evt");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void clientAboveTheLimitGetsRetryAfter() {
        Answer refused = pollUntilRefused(GREEDY);

        assertThat(refused.text("code")).isEqualTo("RATE_LIMITED");
        assertThat(Long.parseLong(refused.header("Retry-After"))).isEqualTo(1);
        assertThat(gateway.admin("/metrics").body().lines())
                .anyMatch(line -> line.startsWith("waitingroom_requests_limited_total "));
    }

    @Test
    void otherClientsAreStillServed() {
        pollUntilRefused(GREEDY);

        assertThat(poll(OTHER).status()).isEqualTo(200);
        assertThat(gateway.post("/api/v1/queue/join", "{\"event_id\":\"evt\"}", OTHER)
                        .status())
                .isEqualTo(202);
    }

    @Test
    void addressesThatTheClientAddsAreIgnored() {
        pollUntilRefused(GREEDY);

        assertThat(poll("X-Forwarded-For", "203.0.113.9, 203.0.113.1").status()).isEqualTo(429);
        assertThat(poll("X-Forwarded-For", "203.0.113.1", "Forwarded", "for=203.0.113.9")
                        .status())
                .isEqualTo(429);
    }

    @Test
    void ipv6ClientsAreCountedByNetwork() {
        pollUntilRefused("X-Forwarded-For", "2001:db8:1:2::1");

        assertThat(poll("X-Forwarded-For", "2001:db8:1:2:3::4").status()).isEqualTo(429);
        assertThat(poll("X-Forwarded-For", "2001:db8:1:3::1").status()).isEqualTo(200);
    }

    @Test
    void writesCountFourTimes() {
        int joins = 0;
        while (gateway.post("/api/v1/queue/join", "{\"event_id\":\"evt\"}", GREEDY)
                        .status()
                == 202) {
            joins++;
        }

        assertThat(joins).isBetween(BURST / ClientRateLimiter.WRITE, BURST - 1);
    }

    @Test
    void wrongTokenCountsMore() {
        int wrong = 0;
        while (gateway.get("/api/v1/queue/status?token=junk", GREEDY).status() == 401) {
            wrong++;
        }

        int each = ClientRateLimiter.READ + ClientRateLimiter.WRONG_TOKEN;
        assertThat(wrong).isBetween(BURST / each, BURST - 1);
    }

    @Test
    void addressThatIsNotPublicHasNoLimit() {
        for (int i = 0; i < 2 * BURST; i++) {
            assertThat(poll().status()).isEqualTo(200);
            assertThat(poll("X-Forwarded-For", "10.0.0.1").status()).isEqualTo(200);
        }
    }

    private Answer poll(String... headers) {
        return gateway.get("/api/v1/queue/status?token=" + gateway.token("evt"), headers);
    }

    private Answer pollUntilRefused(String... headers) {
        for (int i = 0; i <= BURST + RATE * 10; i++) {
            Answer answer = poll(headers);
            if (answer.status() == 429) {
                return answer;
            }
        }
        throw new AssertionError("never refused");
    }
}
