package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.history.Checker;
import dev.waitingroom.chaos.history.Promises;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.GatewayChild;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Crowd.End;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways are killed; Redis stops or loses everything. */
@Isolated("breaks the Redis of all, and measures times")
class LossAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void lineThatRedisLostIsPutBackFromTheGateways() throws Exception {
        Policy policy = site.open(Rooms.policy("flush", Mode.QUEUE, 2, 20, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd = site.running().crowd(policy, Behaviour.patient(520, 400), recorder)) {
            await().atMost(30, TimeUnit.SECONDS).until(() -> crowd.figures().ended(End.ADMITTED) >= 20);
            await().atMost(30, TimeUnit.SECONDS).until(() -> crowd.figures().arrived() == 520);
            List<String> tokens = Seen.tokens(recorder);
            Map<String, Long> before = site.standing(tokens);

            Instant lost = Instant.now();
            site.running().flushRedis();
            site.running().apply(policy, false);
            Map<String, Long> after = new LinkedHashMap<>();
            await().atMost(20, TimeUnit.SECONDS).until(() -> {
                after.clear();
                after.putAll(site.standing(tokens));
                return site.call(0, SiteExtension.join(policy)) instanceof Answer.Joined;
            });
            Duration back = Duration.between(lost, Instant.now());
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> crowd.figures().ended(End.ADMITTED) >= 520 - before.size() + 5);

            // No visitor fell back, and only visitors who were admitted meanwhile are missing.
            assertThat(back).isLessThan(Duration.ofSeconds(3));
            assertThat(after)
                    .allSatisfy((token, position) ->
                            assertThat(position).isLessThanOrEqualTo(before.getOrDefault(token, 0L)));
            assertThat(before.size() - after.size()).isLessThanOrEqualTo(2 * (int) (back.toSeconds() + 2));
            Promises promises = Rooms.promises(policy, new Span(Recorder.micros(lost), Recorder.micros(lost)));
            assertThat(Checker.judge(recorder.history(), promises)).isEmpty();
            Table.line(
                    "FLUSHALL while %d wait".formatted(before.size()),
                    "joins again after %d ms; every position as it was, no burst".formatted(back.toMillis()));
        }
    }

    @Test
    void lineThatEveryoneLostIsPutBackFromTheTickets() throws Exception {
        Policy policy = site.open(Rooms.policy("amnesia", Mode.HOLD, 5, 5, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        site.play(policy, Behaviour.patient(200, 400).withAbsent(1), recorder, Duration.ofSeconds(30));
        List<String> tokens = Seen.tokens(recorder);
        assertThat(tokens).hasSize(200);

        site.running().gateways().forEach(GatewayChild::kill);
        site.running().flushRedis();
        site.running().apply(policy, false);
        site.running().gateways().forEach(GatewayChild::restart);
        site.running().awaitServed(policy.eventId());
        Instant served = Instant.now();
        List<String> shuffled = new ArrayList<>(tokens);
        Collections.shuffle(shuffled, new Random(1));
        await().atMost(15, TimeUnit.SECONDS).until(() -> {
            site.positions(shuffled);
            List<Long> now = site.positions(tokens);
            return now.equals(LongStream.rangeClosed(1, 200).boxed().toList());
        });

        Table.line(
                "FLUSHALL with every gateway killed, 200 wait",
                "old order back %d ms after the gateways"
                        .formatted(Duration.between(served, Instant.now()).toMillis()));
    }

    @Test
    void gatewayKilledUnderLoadCostsNobodyAPlace() throws Exception {
        Policy policy = site.open(Rooms.policy("kill", Mode.QUEUE, 50, 20, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd = site.running().crowd(policy, Behaviour.patient(800, 200), recorder)) {
            await().atMost(30, TimeUnit.SECONDS).until(() -> crowd.figures().ended(End.ADMITTED) >= 100);
            site.running().gateways().getFirst().kill();
            site.running().gateways().getFirst().restart();

            Crowd.Figures figures = SiteExtension.end(crowd, Duration.ofSeconds(90));

            assertThat(figures.ended()).isEqualTo(Map.of(End.ADMITTED, 800));
            assertThat(Checker.judge(recorder.history(), Rooms.promises(policy)))
                    .isEmpty();
            long lost = recorder.calls().stream()
                    .filter(call -> call.answer() instanceof Answer.Lost)
                    .count();
            site.running().awaitServed(policy.eventId());
            Table.line(
                    "kill -9 of one of two gateways, 800 visitors",
                    "all admitted, no promise broken; %d calls without an answer".formatted(lost));
        }
    }

    @Test
    void withoutRedisStatusAnswersAndTheRestSaysWhenToAskAgain() throws Exception {
        withoutRedis(200, Duration.ofSeconds(4), false);
    }

    @ParameterizedTest(name = "and everything lost: {0}")
    @ValueSource(booleans = {false, true})
    @EnabledIfSystemProperty(named = Rooms.LONG_RUN, matches = "true")
    void afterHalfAMinuteWithoutRedisEveryoneHasTheirPlace(boolean lost) throws Exception {
        withoutRedis(500, Duration.ofSeconds(30), lost);
    }

    /** @param lost whether Redis comes back empty */
    private void withoutRedis(int visitors, Duration time, boolean lost) throws Exception {
        Policy policy = site.open(Rooms.policy("stopped", Mode.QUEUE, 20, 10, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        Instant stopped;
        Instant resumed;
        // There is a line, and visitors still come: polls are answered, joins fail.
        Behaviour behaviour = Behaviour.patient(visitors, visitors / 5.0);
        try (Crowd crowd = site.running().crowd(policy, behaviour, recorder)) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> crowd.figures().ended(End.ADMITTED) >= 20);
            site.running().pauseRedis();
            stopped = Instant.now();
            await().atMost(time.plusSeconds(10)).until(() -> Instant.now().isAfter(stopped.plus(time)));
            resumed = Instant.now();
            site.running().healRedis();
            if (lost) {
                site.running().flushRedis();
                site.change(policy);
            }

            assertThat(SiteExtension.end(crowd, Duration.ofSeconds(120)).ended())
                    .isEqualTo(Map.of(End.ADMITTED, visitors));
        }

        Promises promises = Rooms.promises(policy, new Span(Recorder.micros(stopped), Recorder.micros(resumed)));
        assertThat(Checker.judge(recorder.history(), promises)).isEmpty();
        List<Call> meanwhile = Seen.sentBetween(recorder, stopped.plusSeconds(1), resumed.minusSeconds(1));
        Map<String, Long> answers = Seen.answers(meanwhile);
        assertThat(answers)
                .containsKeys("Poll Standing", "Join 503")
                .doesNotContainKeys("Poll Lost", "Join Lost", "Admit Lost");
        Table.line(
                "Redis stopped for %d s under %d visitors%s"
                        .formatted(time.toSeconds(), visitors, lost ? ", and back empty" : ""),
                "meanwhile %s, the slowest %d ms; all admitted afterwards"
                        .formatted(answers, Seen.slowest(meanwhile).toMillis()));
    }
}
