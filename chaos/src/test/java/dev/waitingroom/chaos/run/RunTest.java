package dev.waitingroom.chaos.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTest {
    @Test
    void callThatNeverEndsFailsTheRunAndIsNamed() {
        assertThatThrownBy(() -> Run.awaitAnswers(() -> Map.of("slow", 2), Duration.ofMillis(100)))
                .hasMessageContaining("no call under way")
                .hasMessageContaining("{slow=2}");
    }
}
