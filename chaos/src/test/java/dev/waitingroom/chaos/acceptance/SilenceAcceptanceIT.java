package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.chaos.history.Checker;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Behaviour;
import dev.waitingroom.testkit.visitors.Crowd;
import dev.waitingroom.testkit.visitors.Crowd.End;
import dev.waitingroom.testkit.visitors.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Visitors who stop polling, and visitors who come back. */
@Execution(ExecutionMode.CONCURRENT)
class SilenceAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void halfThatWentSilentAreGoneAndWasteNoRate() throws Exception {
        Policy policy = site.open(Rooms.policy("silent", Mode.QUEUE, 10, 10, Duration.ofSeconds(8)));
        Recorder recorder = site.running().recorder();

        Crowd.Figures figures =
                site.play(policy, Behaviour.patient(600, 300).withAbsent(0.5), recorder, Duration.ofSeconds(90));

        int present = figures.ended(End.ADMITTED);
        assertThat(present + figures.ended(End.ABSENT)).isEqualTo(600);
        assertThat(Checker.judge(recorder.history(), Rooms.promises(policy))).isEmpty();
        double rate = Seen.rate(Seen.admissions(recorder), present / 3, present - 20);
        assertThat(rate).isBetween(9.8, 10.2);
        Table.line(
                "half of 600 silent, ttl 8 s, 10/s",
                "%.2f/s; positions exact: none silent for 1.5 ttl counted, none before ttl dropped".formatted(rate));
    }

    @Test
    @EnabledIfSystemProperty(named = Rooms.LONG_RUN, matches = "true")
    void nineOfTenAbsentWasteNoRateWithALongTtl() throws Exception {
        Policy policy = site.open(Rooms.policy("absent", Mode.QUEUE, 10, 10, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        Instant begun = Instant.now();

        Crowd.Figures figures =
                site.play(policy, Behaviour.patient(10_000, 1_000).withAbsent(0.9), recorder, Duration.ofMinutes(5));

        assertThat(Checker.judge(recorder.history(), Rooms.promises(policy))).isEmpty();
        List<Instant> admissions = Seen.admissions(recorder);
        int from = (int) admissions.stream()
                .filter(at -> at.isBefore(begun.plusSeconds(30)))
                .count();
        double rate = Seen.rate(admissions, from, figures.ended(End.ADMITTED) - 50);
        assertThat(rate).isBetween(9.8, 10.2);
        Table.line("nine of ten of 10,000 absent, ttl 300 s, 10/s", "%.2f/s from 30 s on".formatted(rate));
    }

    @Test
    void whoReturnsWithinTheTurnIsAdmittedAndWhoReturnsAfterItIsNot() throws Exception {
        Policy kind = site.open(Rooms.policy("return", Mode.QUEUE, 10, 10, Duration.ofSeconds(5)));
        Policy strict = site.open(Rooms.withTurnTtl(
                Rooms.policy("too-late", Mode.QUEUE, 10, 10, Duration.ofSeconds(5)), Duration.ofSeconds(5)));
        String asleep = Seen.token(site.call(0, SiteExtension.join(kind)));
        String late = Seen.token(site.call(0, SiteExtension.join(strict)));

        // Called at once and silent since, so they count in no position.
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> site.figures(kind).waiting() == 0
                        && site.figures(strict).waiting() == 0);

        assertThat(site.call(1, new Operation.Admit(asleep))).isInstanceOf(Answer.Admitted.class);
        assertThat(site.call(1, new Operation.Admit(late)))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("EXPIRED"));
        Table.line(
                "called, then silent for 1.5 ttl (5 s)",
                "in nobody's position; admitted within a turn of 900 s, expired after one of 5 s");
    }
}
