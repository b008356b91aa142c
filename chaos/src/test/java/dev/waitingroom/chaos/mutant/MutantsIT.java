package dev.waitingroom.chaos.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Schedule;
import dev.waitingroom.chaos.fault.Schedule.Step;
import dev.waitingroom.chaos.history.Violation;
import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.chaos.run.Failure;
import dev.waitingroom.chaos.run.Plan;
import dev.waitingroom.chaos.run.RoomScenario;
import dev.waitingroom.chaos.run.Run;
import dev.waitingroom.chaos.run.RunResult;
import dev.waitingroom.chaos.site.SessionHabits;
import dev.waitingroom.chaos.topology.Kind;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.testkit.visitors.Behaviour;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test of the checker: real gateways with a bug, and a real Redis. The visitors' answers must show the bug. The stand-in for the operator has
 * no bug. It stays away if it would begin an epoch before the gateways do. It takes longest, so it begins first.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class MutantsIT {
    /** A seed with which every gateway is cut off, answer by answer. */
    private static final long SEED = 4;

    /** A bug shows only if its moment occurs by chance: in one of this many plays. */
    private static final int PLAYS = 3;

    private static final int MAX_ACTIVE = 5;

    private static final Duration LONG_RESERVATION = Duration.ofMinutes(5);

    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration LAST_VISITORS = Duration.ofSeconds(3);

    /** A visitor who is overtaken by too many has to wait this long. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(7);

    /** For visitors who end their sessions, and copies of their cookies. */
    private static final Duration SOME_VISITS = Duration.ofSeconds(12);

    /** Until the first sessions are over, and 10 s in which nobody is admitted to the free places. */
    private static final Duration LEFT_EMPTY = Duration.ofSeconds(24);

    private static final Duration SHORT_SESSION = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    void bugIsSeen(Mutant mutant, @TempDir Path directory) throws Exception {
        Path patch = Patch.make(mutant.edits(), directory);

        List<Violation> seen = List.of();
        for (int play = 0; play < PLAYS && seen.stream().noneMatch(mutant::isSeenBy); play++) {
            seen = play(
                            SEED + play,
                            mutant.name(),
                            mutant.kind(),
                            mutant.faults(),
                            room(mutant.broken()),
                            calm(mutant.broken(), mutant.faults()),
                            Optional.of(patch))
                    .failures()
                    .stream()
                    .map(Failure::violation)
                    .toList();
        }

        assertThat(seen).as("what is seen of %s", mutant).anyMatch(mutant::isSeenBy);
    }

    /** The same crowd and faults without a bug break no promise, so the bug is what the checker finds. */
    @ParameterizedTest
    @EnumSource(names = {"SINGLE", "SENTINEL"})
    void nothingIsSeenWithoutABug(Kind kind) throws Exception {
        List<Fault> faults = Arrays.stream(Mutant.values())
                .filter(mutant -> mutant.kind() == kind)
                .flatMap(mutant -> mutant.faults().stream())
                .distinct()
                .toList();

        RunResult result = play(SEED, "no bug", kind, faults, cast(), LAST_VISITORS, Optional.empty());

        assertNothingSeen(kind, result);
    }

    /** Redis loses all sessions, and the gateways put them back. */
    @Test
    void limitOfSessionsIsKeptWithoutABug() throws Exception {
        RunResult result = play(
                SEED,
                "no bug, limited",
                Kind.SINGLE,
                List.of(Fault.FLUSHALL),
                limited(),
                LAST_VISITORS,
                Optional.empty());

        assertNothingSeen(Kind.SINGLE, result);
        assertThat(result.admitted()).isEqualTo(MAX_ACTIVE);
    }

    /** Places are given from one visitor to the next, and nobody is in without one. */
    @Test
    void sessionsComeAndGoWithoutABug() throws Exception {
        RunResult result =
                play(SEED, "no bug, sessions", Kind.SINGLE, List.of(), visited(0.5), LEFT_EMPTY, Optional.empty());

        assertNothingSeen(Kind.SINGLE, result);
        assertThat(result.admitted()).isGreaterThan(2 * MAX_ACTIVE);
    }

    /** The room in which a broken promise can show. */
    private static RoomScenario room(Promise broken) {
        return switch (broken) {
            case ACTIVE -> limited();
            case ADMISSION -> visited(0.8);
            case IDLE -> visited(0);
            default -> cast();
        };
    }

    private static Duration calm(Promise broken, List<Fault> faults) {
        return switch (broken) {
            case ADMISSION -> SOME_VISITS;
            case IDLE -> LEFT_EMPTY;
            default -> faults.isEmpty() ? UNDISTURBED : LAST_VISITORS;
        };
    }

    private static void assertNothingSeen(Kind kind, RunResult result) {
        assertThat(result.failures())
                .as(
                        "%s: %s",
                        kind, result.failures().stream().map(Failure::shrunk).findFirst())
                .extracting(Failure::violation)
                .isEmpty();
    }

    private static RunResult play(
            long seed,
            String name,
            Kind kind,
            List<Fault> faults,
            RoomScenario cast,
            Duration calm,
            Optional<Path> patch)
            throws Exception {
        Schedule schedule = new Schedule(
                faults.stream().map(fault -> new Step(QUIET, List.of(fault))).toList());
        Plan plan = new Plan(
                kind,
                OptionalInt.of(2),
                schedule,
                List.of(cast),
                calm,
                !schedule.has(Fault.PRIMARY_LOST_LAGGING),
                patch);
        RunResult result = new Run(seed, plan, Path.of("target", "mutants", name), ignored -> {}).execute();
        Map<Promise, Long> broken = result.failures().stream()
                .collect(Collectors.groupingBy(
                        failure -> failure.violation().promise(), TreeMap::new, Collectors.counting()));
        System.err.printf(
                "%s, %s %s: %s, %d calls, %d admitted, %.1f s%s%n",
                name,
                kind,
                faults,
                broken,
                result.calls(),
                result.admitted(),
                result.took().toMillis() / 1e3,
                result.failures().stream()
                        .findFirst()
                        .map(failure -> "; " + failure.violation().what())
                        .orElse(""));
        return result;
    }

    /**
     * Many visitors come and few are admitted. So there is always a line, and hardly a ticket in it that may be gone already. All ask to be
     * admitted with their join; only the first are.
     */
    private static RoomScenario cast() {
        return cast(Optional.empty(), LONG_RESERVATION);
    }

    /** The same with a few sessions at a time, which outlast the run. */
    private static RoomScenario limited() {
        return cast(Optional.of(new SessionCap(MAX_ACTIVE, Duration.ofMinutes(5))), LONG_RESERVATION);
    }

    /** The same with short sessions, which this share of the visitors end. */
    private static RoomScenario visited(double endShare) {
        RoomScenario room = cast(Optional.of(new SessionCap(MAX_ACTIVE, SHORT_SESSION)), SHORT_SESSION);
        return new RoomScenario(
                room.policy(),
                room.crowd(),
                Optional.empty(),
                Optional.of(new SessionHabits(Duration.ofMillis(500), Duration.ofSeconds(2), endShare, SEED)));
    }

    private static RoomScenario cast(Optional<SessionCap> cap, Duration reservationTtl) {
        Policy policy = new Policy(
                "sale",
                7,
                1,
                Mode.QUEUE,
                2,
                Duration.ofSeconds(1),
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                OptionalLong.empty(),
                reservationTtl,
                "",
                cap);
        return new RoomScenario(policy, Behaviour.patient(600, 30).withAdmit(1).withoutKeys(), Optional.empty());
    }
}
