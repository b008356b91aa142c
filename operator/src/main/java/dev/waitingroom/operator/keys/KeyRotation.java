package dev.waitingroom.operator.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Rotates signing keys, one at a time, so that no token becomes invalid early.
 *
 * <p>The life of a key:
 *
 * <ol>
 *   <li>It is added at the end of the set, with iat = now. Every pod can verify with it before any pod signs with it.
 *   <li>After {@link #OVERLAP} it moves to the front. The first key signs.
 *   <li>After the rotation period its successor is added.
 *   <li>When the successor moves to the front, the key retires, with exp = now + the retention of its kind.
 *   <li>After exp it is removed.
 * </ol>
 *
 * <p>An existing file is never created again.
 */
public final class KeyRotation {
    /** A new Secret is in the pods' files after about two minutes. */
    public static final Duration OVERLAP = Duration.ofMinutes(10);

    private KeyRotation() {}

    /**
     * The file's next content.
     *
     * @param current the content; empty if the file does not exist
     * @param period how long a key signs
     * @return the same text if nothing is due
     * @throws IllegalArgumentException if the content is not a set of such keys. A person must repair it: with new keys, every visitor would
     *     lose their place
     */
    public static String advance(KeyKind kind, Optional<String> current, Duration period, Instant now) {
        if (current.isEmpty()) {
            return text(List.of(generate(kind, now)));
        }
        List<JWK> keys = parse(kind, current.get());
        List<JWK> next = advance(kind, keys, period, now);
        return next.equals(keys) ? current.get() : text(next);
    }

    /**
     * The id of the key that signs.
     *
     * @throws IllegalArgumentException if the content is not a set of such keys
     */
    public static String signingKeyId(KeyKind kind, String current) {
        return parse(kind, current).getFirst().getKeyID();
    }

    private static List<JWK> advance(KeyKind kind, List<JWK> keys, Duration period, Instant now) {
        var kept = new ArrayList<JWK>();
        for (JWK key : keys) {
            Date end = key.getExpirationTime();
            if (end == null || end.toInstant().isAfter(now)) {
                kept.add(key);
            }
        }
        if (kept.isEmpty()) {
            return List.of(generate(kind, now));
        }
        Optional<JWK> successor = kept.stream()
                .skip(1)
                .filter(key -> key.getExpirationTime() == null)
                .findFirst();
        if (successor.isPresent()) {
            if (now.isBefore(issued(successor.get()).plus(OVERLAP))) {
                return kept;
            }
            kept.remove(successor.get());
            kept.set(0, retired(kept.getFirst(), now.plus(kind.retention())));
            kept.addFirst(successor.get());
        }
        if (!now.isBefore(issued(kept.getFirst()).plus(period))) {
            kept.add(generate(kind, now));
        }
        return kept;
    }

    private static List<JWK> parse(KeyKind kind, String text) {
        try {
            List<JWK> keys = JWKSet.parse(text).getKeys();
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(kind.file() + " is an empty JWK Set");
            }
            for (JWK key : keys) {
                boolean fits = switch (kind) {
                    case TICKET -> key instanceof OctetSequenceKey oct && oct.size() >= 256;
                    case RESERVATION -> key instanceof ECKey && key.isPrivate();
                };
                if (!fits || key.getKeyID() == null) {
                    throw new IllegalArgumentException(
                            kind.file() + " holds a key that is not one of its kind: " + key.getKeyID());
                }
            }
            return keys;
        } catch (ParseException e) {
            throw new IllegalArgumentException(kind.file() + " is not a JWK Set: " + e.getMessage(), e);
        }
    }

    /** A key without iat was added by a person, and counts as old. */
    private static Instant issued(JWK key) {
        return key.getIssueTime() == null ? Instant.EPOCH : key.getIssueTime().toInstant();
    }

    private static JWK retired(JWK key, Instant end) {
        return switch (key) {
            case OctetSequenceKey oct ->
                new OctetSequenceKey.Builder(oct).expirationTime(Date.from(end)).build();
            case ECKey ec ->
                new ECKey.Builder(ec).expirationTime(Date.from(end)).build();
            default -> throw new IllegalArgumentException("neither oct nor EC: " + key.getKeyID());
        };
    }

    private static JWK generate(KeyKind kind, Instant now) {
        try {
            return kind.generate(now);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK can make such keys", e);
        }
    }

    private static String text(List<JWK> keys) {
        return new JWKSet(keys).toString(false);
    }
}
