package dev.waitingroom.queue.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script as Redis gets it.
 *
 * @param name its file's, for logs
 * @param source all parts composed
 * @param sha1 by which Redis knows it
 */
record Script(String name, byte[] source, String sha1) {
    static Script of(String name, String source) {
        byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes);
            return new Script(name, bytes, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
