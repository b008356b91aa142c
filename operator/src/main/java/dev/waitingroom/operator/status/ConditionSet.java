package dev.waitingroom.operator.status;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds new conditions from the former ones. {@code lastTransitionTime} changes only if the condition's status changes. Not thread-safe.
 */
public final class ConditionSet {
    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();

    /**
     * @param before the object's conditions until now
     * @param generation of the object that the new conditions describe
     */
    public ConditionSet(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    /** Adds a condition. */
    public ConditionSet with(String type, Finding finding) {
        String since = find(before, type)
                .filter(old -> old.status() == finding.status())
                .map(Condition::lastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(new Condition(type, finding.status(), generation, since, finding.reason(), finding.message()));
        return this;
    }

    public List<Condition> build() {
        return List.copyOf(conditions);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /**
     * The state of one aspect.
     *
     * @param reason one CamelCase word
     * @param message for a person; if something is wrong, it says what to do
     */
    public record Finding(ConditionStatus status, String reason, String message) {
        public static Finding good(String reason, String message) {
            return new Finding(ConditionStatus.TRUE, reason, message);
        }

        public static Finding bad(String reason, String message) {
            return new Finding(ConditionStatus.FALSE, reason, message);
        }

        /** Not yet true, as expected. A person need not act. */
        public static Finding starting(String reason, String message) {
            return new Finding(ConditionStatus.UNKNOWN, reason, message);
        }

        /** The finding of a condition. */
        public static Finding of(Condition condition) {
            return new Finding(condition.status(), condition.reason(), condition.message());
        }

        public boolean isTrue() {
            return status == ConditionStatus.TRUE;
        }
    }
}
