package dev.waitingroom.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionSetTest {
    private static final Instant FIRST = Instant.parse("2026-11-24T10:00:00.7Z");
    private static final Instant LATER = Instant.parse("2026-11-24T11:00:00Z");

    @Test
    void datesAConditionByWhenItsStatusChanged() {
        List<Condition> before = new ConditionSet(List.of(), 1, FIRST)
                .with("Ready", Finding.bad("A", "a"))
                .with("Synced", Finding.bad("A", "a"))
                .build();

        List<Condition> now = new ConditionSet(before, 2, LATER)
                .with("Ready", Finding.bad("B", "b"))
                .with("Synced", Finding.good("B", "b"))
                .build();

        assertThat(now)
                .containsExactly(
                        new Condition("Ready", ConditionStatus.FALSE, 2L, "2026-11-24T10:00:00Z", "B", "b"),
                        new Condition("Synced", ConditionStatus.TRUE, 2L, "2026-11-24T11:00:00Z", "B", "b"));
    }

    @Test
    void isTheSameWhereNothingChanged() {
        List<Condition> before = new ConditionSet(List.of(), 1, FIRST)
                .with("Ready", Finding.good("A", "a"))
                .build();

        assertThat(new ConditionSet(before, 1, LATER)
                        .with("Ready", Finding.good("A", "a"))
                        .build())
                .isEqualTo(before);
    }
}
