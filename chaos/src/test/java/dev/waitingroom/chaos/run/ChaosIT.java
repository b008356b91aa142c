package dev.waitingroom.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.chaos.topology.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short run of {@code make chaos}; {@code -Dchaos.seconds} makes it longer, {@code -Dchaos.seed} chooses another seed. */
@Execution(ExecutionMode.CONCURRENT)
class ChaosIT {
    private static final long SEED = Long.getLong("chaos.seed", 37);
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("chaos.seconds", 20));

    /** Two kinds that any machine can run. */
    @ParameterizedTest
    @EnumSource(names = {"AOF", "SENTINEL"})
    void everyPromiseHoldsWhateverBreaks(Kind kind) throws Exception {
        System.err.println("chaos: seed " + SEED + ", " + kind);
        List<Failure> failures = new Run(
                        SEED, kind, LENGTH, Path.of("target", "chaos"), line -> System.err.println(kind + ": " + line))
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
