package dev.waitingroom.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.topology.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of {@code make chaos}. Not part of {@code make test} yet: {@code -Dchaos.seconds=20} has it run, {@code -Dchaos.seed=} with another seed. */
@EnabledIfSystemProperty(named = "chaos.seconds", matches = "\\d+", disabledReason = "runs with -Dchaos.seconds=20")
class ChaosIT {
    private static final long SEED = Long.getLong("chaos.seed", 7);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("chaos.seconds", 20));

    @ParameterizedTest
    @EnumSource(names = {"SINGLE", "SENTINEL", "VALKEY"})
    void everyPromiseHoldsWhateverBreaks(Kind kind) throws Exception {
        Assumptions.assumeTrue(
                kind.missing().isEmpty(), () -> "skipped: " + kind.missing().orElse(""));
        System.err.println("chaos: seed " + SEED + ", " + kind);
        List<Failure> failures = new Run(SEED, kind, LENGTH, Path.of("target", "chaos"), System.err::println)
                .execute()
                .failures();

        assertThat(failures)
                .as(
                        "seed %d, %s: %s",
                        SEED,
                        kind,
                        failures.stream().map(Failure::shrunk).limit(1).toList())
                .extracting(failure -> failure.room() + " " + failure.violation())
                .isEmpty();
    }
}
