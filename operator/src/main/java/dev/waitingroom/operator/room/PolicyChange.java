package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes the difference between two policies of a room. Pure. */
final class PolicyChange {
    private static final String NONE = "none";

    private record Part(String name, Function<PolicyInForce, Object> value) {
        Optional<String> change(PolicyInForce before, PolicyInForce now) {
            String old = text(value.apply(before));
            String next = text(value.apply(now));
            return old.equals(next) ? Optional.empty() : Optional.of(name + " from " + old + " to " + next);
        }
    }

    private static final List<Part> BASIC =
            List.of(new Part("rate", PolicyInForce::rate), new Part("burst", PolicyInForce::burst));

    /** A status of an earlier release does not have these. */
    private static final List<Part> FURTHER = List.of(
            new Part("admission.maxActive", policy -> Optional.ofNullable(policy.maxActive())),
            new Part("mode", policy -> Optional.ofNullable(policy.mode())),
            new Part("waiting.ttlSeconds", policy -> Optional.ofNullable(policy.ttlSeconds())),
            new Part("waiting.turnTtlSeconds", policy -> Optional.ofNullable(policy.turnTtlSeconds())),
            new Part("waiting.maxLength", policy -> Optional.ofNullable(policy.maxLength())),
            new Part("reservation.ttlSeconds", policy -> Optional.ofNullable(policy.reservationTtlSeconds())),
            new Part("message", policy -> Optional.ofNullable(policy.message()).map(text -> '"' + text + '"')));

    private PolicyChange() {}

    /** For example "rate from 10/s to 5/s, mode from Queue to Hold". Empty if no known part differs. */
    static Optional<String> describe(PolicyInForce before, PolicyInForce now) {
        List<Part> known = before.mode() == null ? List.of() : FURTHER;
        String changes = Stream.concat(BASIC.stream(), known.stream())
                .flatMap(part -> part.change(before, now).stream())
                .collect(Collectors.joining(", "));
        return changes.isEmpty() ? Optional.empty() : Optional.of(changes);
    }

    private static String text(Object value) {
        return switch (value) {
            case Optional<?> maybe -> maybe.map(PolicyChange::text).orElse(NONE);
            case Mode mode -> mode.name().charAt(0) + mode.name().substring(1).toLowerCase(Locale.ROOT);
            default -> value.toString();
        };
    }
}
