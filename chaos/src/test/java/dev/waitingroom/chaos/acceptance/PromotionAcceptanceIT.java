package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.history.Checker;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.chaos.topology.SentinelTopology;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.redis.RedisProcess;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Crowd.End;
import dev.waitingroom.testkit.visitors.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** A primary is lost for good, and a replica that lacks the last writes replaces it. */
@EnabledIfSystemProperty(
        named = "acceptance.redis",
        matches = "(?i)sentinel",
        disabledReason = "it takes Sentinels: make acceptance TOPOLOGY=sentinel")
@Isolated("breaks the Redis of all, and measures times")
class PromotionAcceptanceIT {
    private static final Duration LAG = Duration.ofSeconds(1);

    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void whatThePromotedReplicaLacksIsPutBackFromTheGateways() throws Exception {
        withoutAPrimary(200, Duration.ofSeconds(8));
    }

    @Test
    @EnabledIfSystemProperty(named = Rooms.LONG_RUN, matches = "true")
    void soItIsAfterHalfAMinuteWithoutAnyRedis() throws Exception {
        withoutAPrimary(500, Duration.ofSeconds(30));
    }

    private void withoutAPrimary(int visitors, Duration time) throws Exception {
        Policy policy = site.open(Rooms.policy("promoted", Mode.QUEUE, visitors / 25, 10, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        SentinelTopology redis = (SentinelTopology) site.running().redis();
        RedisProcess primary = redis.primaries().getFirst();
        RedisProcess replica = redis.replicaOf(primary);
        // Visitors still come at this number: while the replica is disconnected, and while there is no primary.
        int all = visitors * 8 / 5;
        try (Crowd crowd = site.running().crowd(policy, Behaviour.patient(all, visitors / 5.0), recorder)) {
            await().atMost(30, TimeUnit.SECONDS).until(() -> crowd.figures().active() >= visitors);
            SentinelTopology.deafen(replica);
            Instant deaf = Instant.now();
            awaitTime(deaf.plus(LAG));
            assertThat(replica.info("master_link_status")).isEqualTo("down");
            replica.pause(); // so that it is not promoted yet
            primary.kill();
            Instant lost = Instant.now();
            awaitTime(lost.plus(time));
            Instant found = Instant.now();
            List<String> tokens = Seen.tokens(recorder);
            Map<String, Long> before = site.standing(tokens);
            replica.resume();
            redis.awaitPromoted(replica);
            Instant promoted = Instant.now();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> recorder.calls().stream()
                            .anyMatch(call -> call.answer() instanceof Answer.Joined
                                    && call.completed().isAfter(promoted)));
            Duration back = Duration.between(promoted, Instant.now());
            Map<String, Long> after = site.standing(tokens);
            // Positions changed only by later admissions, from an empty bucket.
            long mostAdmitted = (long) (policy.ratePerSecond()
                    * Duration.between(promoted, Instant.now()).plusSeconds(1).toMillis()
                    / 1e3);

            assertThat(SiteExtension.end(crowd, Duration.ofSeconds(120)).ended())
                    .isEqualTo(Map.of(End.ADMITTED, all));

            assertThat(Checker.judge(
                            recorder.history(),
                            Rooms.promises(policy, new Span(Recorder.micros(lost), Recorder.micros(found)))))
                    .isEmpty();
            assertThat(after)
                    .allSatisfy((token, position) -> assertThat(before.getOrDefault(token, 0L) - position)
                            .isBetween(0L, mostAdmitted));
            assertThat(before.size() - after.size()).isLessThanOrEqualTo((int) mostAdmitted);
            List<Call> unheard = Seen.sentBetween(recorder, deaf, lost).stream()
                    .filter(call -> call.completed().isBefore(lost))
                    .toList();
            List<String> joined = Seen.tokens(recorder, unheard);
            List<String> admitted = admitted(unheard);
            assertThat(joined)
                    .isNotEmpty()
                    .allSatisfy(token -> assertThat(after).containsKey(token));
            assertThat(admitted)
                    .isNotEmpty()
                    .allSatisfy(token -> assertThat(site.call(1, new Operation.Poll(token)))
                            .isInstanceOfSatisfying(
                                    Answer.Standing.class,
                                    standing -> assertThat(standing.state()).isEqualTo("admitted")));
            List<Call> meanwhile = Seen.sentBetween(recorder, lost.plusSeconds(1), found.minusSeconds(1));
            Map<String, Long> answers = Seen.answers(meanwhile);
            assertThat(answers)
                    .containsKeys("Poll Standing", "Join 503", "Admit 503")
                    .doesNotContainKeys("Poll Lost", "Join Lost", "Admit Lost");
            Duration oldest = oldest(meanwhile);
            assertThat(oldest).isGreaterThan(time.minusSeconds(3));
            Table.line(
                    "primary lost for good under %d visitors, for %d s nobody promoted, then a replica that lacks the last second"
                            .formatted(before.size(), time.toSeconds()),
                    "it lacks %d joins and %d admissions at least; meanwhile %s, the slowest %d ms, status up to %.1f s old; promoted after %.1f s more, joins again after %d ms; every position as it was, all admitted afterwards"
                            .formatted(
                                    joined.size(),
                                    admitted.size(),
                                    answers,
                                    Seen.slowest(meanwhile).toMillis(),
                                    oldest.toMillis() / 1e3,
                                    Duration.between(found, promoted).toMillis() / 1e3,
                                    back.toMillis()));
        }
    }

    private static void awaitTime(Instant due) {
        await().atMost(Duration.between(Instant.now(), due).plusSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !Instant.now().isBefore(due));
    }

    /** The tokens of the visitors whom these calls admitted. */
    private static List<String> admitted(List<Call> calls) {
        return calls.stream()
                .filter(call -> call.answer() instanceof Answer.Admitted)
                .map(call -> ((Operation.Admit) call.operation()).token())
                .toList();
    }

    /** The greatest age of a status among these calls, by its own as_of. */
    private static Duration oldest(List<Call> calls) {
        return calls.stream()
                .filter(call -> call.answer() instanceof Answer.Standing)
                .map(call -> Duration.between(((Answer.Standing) call.answer()).asOf(), call.completed()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
