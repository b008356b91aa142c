package dev.waitingroom.queue.site;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs links that let visitors in without waiting. It is derived from a secret of the operator, which cannot be computed from it.
 *
 * <p>The pass in a link is {@code EXPIRES.SIGNATURE}: seconds since 1970, and base64url of HMAC-SHA256 over {@code EVENT.EXPIRES}.
 *
 * @param text base64url of 32 bytes
 */
public record LinkKey(String text) {
    /** The shortest secret, in bytes. */
    public static final int MIN_SECRET = 32;

    private static final String PURPOSE = "waitingroom link 1";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    /** Ten digits last until the year 2286. */
    private static final Pattern EXPIRES = Pattern.compile("[0-9]{1,10}");

    /** Whether a pass lets its bearer in. */
    public enum Check {
        VALID,
        EXPIRED,
        INVALID
    }

    public LinkKey {
        if (Base64.getUrlDecoder().decode(text).length != BYTES) {
            throw new IllegalArgumentException("a link key has " + BYTES + " bytes");
        }
    }

    /**
     * The key of a secret.
     *
     * @param secret its bytes; white space at the ends does not count, since files often end with a line end
     * @throws IllegalArgumentException if it can be guessed; the message says how to fix it
     */
    public static LinkKey derive(byte[] secret) {
        byte[] key = new String(secret, StandardCharsets.ISO_8859_1).strip().getBytes(StandardCharsets.ISO_8859_1);
        if (key.length < MIN_SECRET) {
            throw new IllegalArgumentException("the secret has " + key.length + " bytes; at least " + MIN_SECRET
                    + " are needed: make one by openssl rand -hex 32");
        }
        return new LinkKey(base64(hmac(key, PURPOSE)));
    }

    /** The pass of a link. */
    public String pass(String eventId, Instant expires) {
        return pass(eventId, String.valueOf(expires.getEpochSecond()));
    }

    private String pass(String eventId, String expires) {
        return expires + "." + base64(hmac(Base64.getUrlDecoder().decode(text), eventId + "." + expires));
    }

    /** Judges the pass of a link. Takes as long for every wrong signature. */
    public Check check(String pass, String eventId, Instant now) {
        return expires(pass)
                .filter(expires -> MessageDigest.isEqual(
                        pass(eventId, expires).getBytes(StandardCharsets.UTF_8), pass.getBytes(StandardCharsets.UTF_8)))
                .map(expires ->
                        now.isBefore(Instant.ofEpochSecond(Long.parseLong(expires))) ? Check.VALID : Check.EXPIRED)
                .orElse(Check.INVALID);
    }

    private static Optional<String> expires(String pass) {
        int dot = pass.indexOf('.');
        return Optional.of(dot < 0 ? "" : pass.substring(0, dot))
                .filter(text -> EXPIRES.matcher(text).matches());
    }

    private static byte[] hmac(byte[] key, String message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "LinkKey";
    }
}
