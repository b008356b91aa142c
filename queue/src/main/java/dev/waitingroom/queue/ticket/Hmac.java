package dev.waitingroom.queue.ticket;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * HMAC-SHA256 (RFC 2104) cut to 16 bytes, with a Mac kept for each thread: making one costs more than using it. Thread-safe.
 */
public final class Hmac {
    /** The length of a signature. */
    public static final int BYTES = 16;

    private final ThreadLocal<Mac> macs;

    Hmac(SecretKey key) {
        macs = ThreadLocal.withInitial(() -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(key);
                return mac;
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every JDK has HmacSHA256", e);
            }
        });
    }

    /** Signs the first {@code length} bytes. */
    public byte[] sign(byte[] data, int length) {
        Mac mac = macs.get();
        mac.update(data, 0, length);
        return Arrays.copyOf(mac.doFinal(), BYTES);
    }
}
