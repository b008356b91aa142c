package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Translates a room's spec into the policy that gateways read. */
final class Policies {
    private Policies() {}

    /**
     * Translates.
     *
     * @throws IllegalArgumentException naming the field, its value and its range; only if the API server did not check the schema
     */
    static Policy of(WaitingRoom room) {
        WaitingRoomSpec spec = present("spec", room.getSpec());
        present("spec.admission", spec.admission());
        return new Policy(
                room.eventId(),
                incarnation(room.getMetadata().getUid()),
                room.getMetadata().getGeneration(),
                mode(spec.mode()),
                present("spec.admission.rate", spec.admission().rate()),
                Duration.ofSeconds(spec.admission().periodSeconds()),
                present("spec.admission.burst", spec.admission().burst()),
                Duration.ofSeconds(spec.waiting().ttlSeconds()),
                Duration.ofSeconds(spec.waiting().turnTtlSeconds()),
                spec.waiting().maxLength() == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(spec.waiting().maxLength()),
                Duration.ofSeconds(spec.reservation().ttlSeconds()),
                spec.message() == null ? "" : spec.message(),
                cap(spec));
    }

    /** A session of the page lasts in a protected service only. Without one the reservation is all that a visitor gets. */
    private static Optional<SessionCap> cap(WaitingRoomSpec spec) {
        int seconds = spec.protect() == null
                ? spec.reservation().ttlSeconds()
                : spec.reservation().sessionSeconds();
        return Optional.ofNullable(spec.admission().maxActive())
                .map(maxActive -> new SessionCap(maxActive, Duration.ofSeconds(seconds)));
    }

    /** The schema requires the field, but not every API server checks the schema. */
    private static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    /** 53 bits that differ between this object and an earlier one of its name. */
    static long incarnation(String uid) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() >>> 11;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Mode mode(WaitingRoomSpec.Mode mode) {
        return switch (mode) {
            case QUEUE -> Mode.QUEUE;
            case HOLD -> Mode.HOLD;
            case PASS -> Mode.PASS;
            case REJECT -> Mode.REJECT;
        };
    }
}
