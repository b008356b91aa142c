package dev.waitingroom.chaos.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.testkit.redis.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SoakIT {
    @TempDir
    private Path directory;

    /** Too short to judge growth, since a JVM grows after its start. */
    @Test
    void everyProcessIsMeasuredAndThePortServes() throws Exception {
        Soak.Result result = Soak.run(
                FreePorts.next(),
                20,
                Path.of("..", "examples", "concert.yaml"),
                Duration.ofSeconds(10),
                directory,
                System.err::println);

        assertThat(result.problems()).allMatch(problem -> problem.contains(" grew by "));
        assertThat(result.asked()).isPositive();
        for (String process : new String[] {"make run", "gateway 1", "gateway 2"}) {
            assertThat(result.table()).contains("| %s | heap after GC |".formatted(process));
        }
        assertThat(result.table())
                .contains("| Redis | resident memory |", "| Redis | open files |", "| make run | log |");
    }
}
