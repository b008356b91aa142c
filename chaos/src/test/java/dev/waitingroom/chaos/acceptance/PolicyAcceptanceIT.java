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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Policy changes while visitors wait. */
@Execution(ExecutionMode.CONCURRENT)
class PolicyAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void modesDoWhatTheySayAndNobodyLosesAPlace() throws Exception {
        Policy hold = site.open(Rooms.policy("modes", Mode.HOLD, 1, 1, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd = site.running().crowd(hold, Behaviour.patient(100, 200), recorder)) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> site.figures(hold).waiting() == 100);
            assertThat(crowd.figures().ended()).isEmpty();
            List<String> order = Seen.tokens(recorder);

            Policy reject = site.change(Rooms.with(hold, Mode.REJECT));
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> site.call(0, SiteExtension.join(hold)) instanceof Answer.Refused refused
                            && refused.code().equals("JOINS_CLOSED"));
            Policy again = site.change(Rooms.with(reject, Mode.HOLD));
            // Waiting visitors were admitted while joins were refused.
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                List<Long> held = site.positions(order).stream()
                        .filter(position -> position > 0)
                        .toList();
                assertThat(held)
                        .isEqualTo(LongStream.rangeClosed(1, site.figures(hold).waiting())
                                .boxed()
                                .toList())
                        .hasSizeGreaterThanOrEqualTo(95);
            });

            site.change(Rooms.with(again, Mode.PASS));
            assertThat(SiteExtension.end(crowd, Duration.ofSeconds(60)).ended(End.ADMITTED))
                    .isEqualTo(100);
        }
        Table.line("Hold, Reject, Hold, Pass over 100 visitors", "each as it says, every place kept");
    }

    @Test
    void noMoreWaitThanMay() throws Exception {
        Policy full = site.open(Rooms.withMaxLength(Rooms.policy("full", Mode.HOLD, 1, 1, Rooms.LONG), 2));

        assertThat(site.call(0, SiteExtension.join(full))).isInstanceOf(Answer.Joined.class);
        assertThat(site.call(1, SiteExtension.join(full))).isInstanceOf(Answer.Joined.class);
        assertThat(site.call(0, SiteExtension.join(full)))
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("QUEUE_FULL"));
        Table.line("maxLength 2", "the third is refused");
    }

    @Test
    void changedRateIsInForceWithinTwoSeconds() throws Exception {
        Policy slow = site.open(Rooms.policy("rate", Mode.QUEUE, 1, 1, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd = site.running().crowd(slow, Behaviour.patient(300, 200), recorder)) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> crowd.figures().arrived() == 300);
            await().atMost(20, TimeUnit.SECONDS).until(() -> crowd.figures().ended(End.ADMITTED) >= 2);
            Instant written = Instant.now();
            Policy fast = site.change(Rooms.withRate(slow, 50));

            SiteExtension.end(crowd, Duration.ofSeconds(90));

            // From outside, the new rate shows only in the first admissions that the old rate did not allow.
            Instant third = Seen.admissions(recorder).stream()
                    .filter(at -> at.isAfter(written))
                    .skip(2)
                    .findFirst()
                    .orElseThrow();
            Duration after = Duration.between(written, third);
            assertThat(after).isLessThan(Duration.ofSeconds(2));
            var limits = List.of(Rooms.limit(0, slow), Rooms.limit(Recorder.micros(written), fast));
            assertThat(Checker.judge(recorder.history(), Rooms.promises(slow, limits)))
                    .isEmpty();
            Table.line(
                    "rate 1/s to 50/s while 300 wait",
                    "in force after %d ms; every position exact".formatted(after.toMillis()));
        }
    }

    @Test
    void changedBurstIsInForceAndNoTokenIsGivenWithIt() throws Exception {
        Policy shallow = site.open(Rooms.policy("burst", Mode.QUEUE, 5, 1, Rooms.LONG));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd = site.running().crowd(shallow, Behaviour.patient(60, 200), recorder)) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> crowd.figures().ended(End.ADMITTED) >= 2);
            Instant written = Instant.now();
            Policy deep = site.change(Rooms.withBurst(shallow, 20));
            SiteExtension.end(crowd, Duration.ofSeconds(60));
            // The old bucket held a token at most. Where answers stall the new one gathers more, and lets several in at
            // once, but never more than came since.
            List<Instant> admissions = Seen.admissionsAskedFor(recorder, written);
            assertThat(admissions).hasSizeGreaterThan(20);
            for (int i = 0; i < admissions.size(); i++) {
                double came = shallow.ratePerSecond()
                        * Duration.between(written, admissions.get(i)).toNanos()
                        / 1e9;
                assertThat((double) i).as("admissions before this one").isLessThanOrEqualTo(came);
            }

            Instant filled = Instant.now().plusSeconds(5);
            await().atMost(10, TimeUnit.SECONDS).until(() -> Instant.now().isAfter(filled));
            site.play(deep, Behaviour.patient(60, 200).withSeed(2), recorder, Duration.ofSeconds(60));

            assertThat(Checker.judge(recorder.history(), Rooms.promises(deep))).isEmpty();
            assertThat(Checker.judge(recorder.history(), Rooms.promises(shallow)))
                    .as("a crowd after a quiet time takes more than the old burst")
                    .isNotEmpty();
        }
        Table.line(
                "burst 1 to 20 while 60 wait, 5/s",
                "no token given with it; after 5 quiet seconds as many at once as it says, no more");
    }

    @Test
    void shorterTtlDropsTheSilentAndNobodyElse() throws Exception {
        Policy patient = site.open(Rooms.policy("ttl", Mode.HOLD, 1, 1, Duration.ofSeconds(40)));
        Recorder recorder = site.running().recorder();
        try (Crowd crowd =
                site.running().crowd(patient, Behaviour.patient(150, 200).withAbsent(0.4), recorder)) {
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> Seen.tokens(recorder).size() == 150);
            int absent = crowd.figures().ended(End.ABSENT);
            site.change(Rooms.withTtl(patient, Duration.ofSeconds(8)));

            await().atMost(40, TimeUnit.SECONDS)
                    .until(() -> site.figures(patient).waiting() == 150 - absent);

            List<Long> left = LongStream.rangeClosed(1, 150 - absent).boxed().toList();
            // A gateway's copy is older than Redis by up to 250 ms.
            await().untilAsserted(() -> assertThat(site.positions(Seen.tokens(recorder)))
                    .filteredOn(position -> position > 0)
                    .isEqualTo(left));
            assertThat(crowd.figures().ended()).containsOnlyKeys(End.ABSENT);
            Table.line(
                    "ttl 40 s to 8 s while 150 wait, %d of them silent".formatted(absent),
                    "the silent are gone, everyone else moved up and kept their order");
        }
    }
}
