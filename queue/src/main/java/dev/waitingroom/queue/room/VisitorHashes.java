package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.RoomScripts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Hashes visitor keys for storage: {@link RoomScripts#VISITOR_HASH_BYTES} bytes of SHA-256 over kind and value. Among 10^9 visitors, the
 * chance of a collision is 10^-11.
 */
final class VisitorHashes {
    private VisitorHashes() {}

    static byte[] hash(VisitorKey key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update((key.kind().name() + ':').getBytes(StandardCharsets.US_ASCII));
            return Arrays.copyOf(
                    sha.digest(key.value().getBytes(StandardCharsets.UTF_8)), RoomScripts.VISITOR_HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
