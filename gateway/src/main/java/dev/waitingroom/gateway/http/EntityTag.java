package dev.waitingroom.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * An entity tag (RFC 9110, 8.8.3).
 *
 * @param text as in the ETag header, with quotes
 */
public record EntityTag(String text) {
    private static final String WEAK = "W/";
    private static final int DIGEST_BYTES = 12;

    /** A strong tag of these bytes. */
    public static EntityTag of(byte[] content) {
        return new EntityTag('"' + digest(content) + '"');
    }

    /** A weak tag: representations with this text are equivalent, but may differ in bytes. */
    public static EntityTag weak(String content) {
        return new EntityTag(WEAK + '"' + digest(content.getBytes(StandardCharsets.UTF_8)) + '"');
    }

    private static String digest(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOf(hash, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The weak comparison of If-None-Match (RFC 9110, 13.1.2). */
    boolean isIn(List<String> ifNoneMatch) {
        for (String value : ifNoneMatch) {
            for (String tag : value.split(",", -1)) {
                if (opaque(tag.strip()).equals(opaque(text))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String opaque(String tag) {
        return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
    }
}
