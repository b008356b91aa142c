package dev.waitingroom.operator.route;

import dev.waitingroom.api.v1alpha1.AncestorStatus;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The state of one target. */
record TargetFindings(Finding accepted, Finding resolved, Finding programmed) {
    static final String ACCEPTED = "Accepted";
    static final String RESOLVED = "ResolvedRefs";
    static final String PROGRAMMED = "Programmed";

    private static final Finding NOT_PROGRAMMED =
            Finding.bad("NotProgrammed", "The target does not ask the room. The other conditions say why.");

    /** Before the first look at it. Nothing was written yet. */
    static TargetFindings pending() {
        Finding finding = Finding.starting("Pending", "The operator is about to look at the target.");
        return new TargetFindings(finding, finding, finding);
    }

    /** The reference leads nowhere, or may not be used. */
    static TargetFindings unresolved(String reason, String message) {
        return new TargetFindings(Finding.bad(reason, message), Finding.bad(reason, message), NOT_PROGRAMMED);
    }

    /** Its controller cannot ask, or somebody else has what we need. */
    static TargetFindings refused(String reason, String message) {
        return new TargetFindings(Finding.bad(reason, message), resolvedRefs(), NOT_PROGRAMMED);
    }

    static TargetFindings accepted(Finding programmed) {
        return new TargetFindings(
                Finding.good("Accepted", "The controller of the target can ask the room."), resolvedRefs(), programmed);
    }

    private static Finding resolvedRefs() {
        return Finding.good("ResolvedRefs", "The target exists, and the room may refer to it.");
    }

    boolean isProgrammed() {
        return programmed.status() == ConditionStatus.TRUE;
    }

    /** The finding that says what is wrong; that of Programmed if nothing is. */
    Finding summary() {
        return List.of(resolved, accepted).stream()
                .filter(finding -> !finding.isTrue())
                .findFirst()
                .orElse(programmed);
    }

    AncestorStatus status(TargetId target, Optional<AncestorStatus> before, long generation, Instant now) {
        return new AncestorStatus(
                target.ancestorRef(),
                AncestorStatus.CONTROLLER_NAME,
                new ConditionSet(before.map(AncestorStatus::conditions).orElse(List.of()), generation, now)
                        .with(ACCEPTED, accepted)
                        .with(RESOLVED, resolved)
                        .with(PROGRAMMED, programmed)
                        .build());
    }
}
