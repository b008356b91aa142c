package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.chaos.history.Checker;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Crowd.End;
import dev.waitingroom.testkit.visitors.Operation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** A crowd, and one visitor in it: rate, order, and the answers. */
@Isolated("measures a rate")
class CrowdAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void twoThousandVisitorsAreAdmittedInOrderAtTheRate() throws Exception {
        Policy policy = site.open(Rooms.policy("crowd", Mode.QUEUE, 100, 100, Rooms.LONG));
        Recorder recorder = site.running().recorder();

        Crowd.Figures figures = site.play(policy, Behaviour.patient(2_000, 500), recorder, Duration.ofSeconds(120));

        assertThat(figures.ended()).isEqualTo(Map.of(End.ADMITTED, 2_000));
        assertThat(Checker.judge(recorder.history(), Rooms.promises(policy))).isEmpty();
        SaleChart.draw(recorder.calls(), "2,000 visitors in 4 s, 100 a second admitted: what twelve of them saw");
        List<Instant> admissions = Seen.admissions(recorder);
        double rate = Seen.rate(admissions, 500, 1_800);
        assertThat(rate).isBetween(99.0, 101.0);
        Map<String, Long> admits = Seen.admits(recorder);
        double granted = 100.0
                * admits.getOrDefault("granted", 0L)
                / admits.values().stream().mapToLong(Long::longValue).sum();
        Table.line(
                "2,000 visitors, 100/s, burst 100, two gateways",
                "%.2f/s; %.2f%% of admits granted by that call %s; %d calls, no promise broken"
                        .formatted(rate, granted, admits, recorder.calls().size()));
        assertThat(granted).as("ready_for_entry means what it says").isGreaterThanOrEqualTo(99.0);
    }

    /** The visit in the report of the service that this one replaces: there the position stood at 6, and the time at 60 s. */
    @Test
    void oneVisitorSeesThePositionAndTheTimeFallAndIsAdmitted() throws Exception {
        Policy policy = site.open(Rooms.policy("report", Mode.QUEUE, 10, 100, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd before = site.running().crowd(policy, Behaviour.patient(300, 300), recorder)) {
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> Seen.tokens(recorder).size() == 300);
            assertThat(before.figures().arrived()).isEqualTo(300);
            String token = Seen.token(site.call(0, SiteExtension.join(policy)));
            Instant joined = Instant.now();

            List<Answer.Standing> polls = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Instant due = joined.plusMillis(2_000L * i);
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(10, TimeUnit.SECONDS)
                        .until(() -> !Instant.now().isBefore(due));
                polls.add((Answer.Standing) site.call(i % 2, new Operation.Poll(token)));
            }

            assertThat(polls).allMatch(Answer.Standing::waiting);
            List<Long> positions = polls.stream().map(Answer.Standing::position).toList();
            assertThat(positions)
                    .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                    .doesNotHaveDuplicates();
            List<Long> etas = polls.stream()
                    .map(poll -> poll.eta().orElseThrow().toSeconds())
                    .toList();
            assertThat(etas).isSortedAccordingTo((a, b) -> Long.compare(b, a));
            assertThat(etas.getLast()).isLessThan(etas.getFirst());
            List<Long> waited =
                    polls.stream().map(poll -> poll.waited().toSeconds()).toList();
            assertThat(waited).containsExactly(0L, 2L, 4L, 6L, 8L);
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> site.call(0, new Operation.Poll(token)) instanceof Answer.Standing now && now.ready());
            double took = Duration.between(joined, Instant.now()).toMillis() / 1e3;
            for (int i = 0;
                    i < etas.size();
                    i++) { // as wide as the band that is told, and what rounding and polling cost
                double left = took - 2 * i;
                assertThat((double) etas.get(i))
                        .as("eta %d s before the turn", (int) left)
                        .isCloseTo(left, within(0.26 * left + 2));
            }
            SignedJWT reservation = admitted(0, token);
            assertThat(verified(reservation, site.running().addresses().get(1))).isTrue();
            assertThat(admitted(1, token).getJWTClaimsSet()).isEqualTo(reservation.getJWTClaimsSet());
            Table.line(
                    "one visitor behind 300, five polls 2 s apart, 10/s, burst 100",
                    "position %s, eta_sec %s, waiting_time %s; ready after %.1f s, granted, verified, the same again"
                            .formatted(positions, etas, waited, took));
        }
    }

    private SignedJWT admitted(int gateway, String token) throws Exception {
        return SignedJWT.parse(((Answer.Admitted) site.call(gateway, new Operation.Admit(token))).reservationToken());
    }

    private static boolean verified(SignedJWT jwt, URI gateway) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String keys = http.send(
                            HttpRequest.newBuilder(gateway.resolve("/.well-known/jwks.json"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return jwt.verify(new ECDSAVerifier(
                    JWKSet.parse(keys).getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey()));
        }
    }
}
