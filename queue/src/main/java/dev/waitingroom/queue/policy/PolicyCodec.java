package dev.waitingroom.queue.policy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A policy as the fields of a Redis hash. The scripts read the same names. */
public final class PolicyCodec {
    private static final String MAX_ACTIVE = "maxActive";
    private static final String SESSION_SECONDS = "sessionSeconds";

    private PolicyCodec() {}

    /** The fields, in a fixed order; {@code maxLength} and {@code maxActive} are absent where there is no limit. */
    public static Map<String, String> encode(Policy policy) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("eventId", policy.eventId());
        fields.put("incarnation", Long.toString(policy.incarnation()));
        fields.put("generation", Long.toString(policy.generation()));
        fields.put("mode", spelled(policy.mode()));
        fields.put("rate", Integer.toString(policy.rate()));
        fields.put("periodSeconds", Long.toString(policy.period().toSeconds()));
        fields.put("burst", Integer.toString(policy.burst()));
        fields.put("ttlSeconds", Long.toString(policy.ttl().toSeconds()));
        fields.put("turnTtlSeconds", Long.toString(policy.turnTtl().toSeconds()));
        policy.maxLength().ifPresent(n -> fields.put("maxLength", Long.toString(n)));
        fields.put(
                "reservationTtlSeconds", Long.toString(policy.reservationTtl().toSeconds()));
        fields.put("message", policy.message());
        policy.cap().ifPresent(cap -> {
            fields.put(MAX_ACTIVE, Integer.toString(cap.maxActive()));
            fields.put(SESSION_SECONDS, Long.toString(cap.sessionTtl().toSeconds()));
        });
        return fields;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException naming the field that is missing or makes no sense
     */
    public static Policy decode(Map<String, String> fields) {
        return new Policy(
                text(fields, "eventId"),
                number(fields, "incarnation"),
                number(fields, "generation"),
                mode(text(fields, "mode")),
                integer(fields, "rate"),
                Duration.ofSeconds(number(fields, "periodSeconds")),
                integer(fields, "burst"),
                Duration.ofSeconds(number(fields, "ttlSeconds")),
                Duration.ofSeconds(number(fields, "turnTtlSeconds")),
                fields.containsKey("maxLength") ? OptionalLong.of(number(fields, "maxLength")) : OptionalLong.empty(),
                Duration.ofSeconds(number(fields, "reservationTtlSeconds")),
                text(fields, "message"),
                fields.containsKey(MAX_ACTIVE)
                        ? Optional.of(new SessionCap(
                                integer(fields, MAX_ACTIVE), Duration.ofSeconds(number(fields, SESSION_SECONDS))))
                        : Optional.empty());
    }

    /** As in {@code spec.mode}, and as the scripts compare it. */
    private static String spelled(Mode mode) {
        return mode.name().charAt(0) + mode.name().substring(1).toLowerCase(Locale.ROOT);
    }

    private static Mode mode(String name) {
        for (Mode mode : Mode.values()) {
            if (spelled(mode).equals(name)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("policy field mode is \"" + name + "\": not a mode");
    }

    private static String text(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("policy field " + name + " is missing");
        }
        return value;
    }

    private static int integer(Map<String, String> fields, String name) {
        long value = number(fields, name);
        if (value != (int) value) {
            throw new IllegalArgumentException("policy field " + name + " is \"" + value + "\": out of range");
        }
        return (int) value;
    }

    private static long number(Map<String, String> fields, String name) {
        String value = text(fields, name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("policy field " + name + " is \"" + value + "\": not a number", e);
        }
    }
}
