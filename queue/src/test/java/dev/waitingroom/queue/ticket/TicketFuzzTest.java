package dev.waitingroom.queue.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** Guided by coverage: in {@code make test} what was found is played again, {@code make fuzz} looks for more. */
class TicketFuzzTest {
    private static final String KEY_NAME = "t1";
    private static final int SEED = 1;
    private static final int VERSION_AND_KEY = 5;

    private final TicketCodec codec = TestKeys.codec(TestKeys.key(KEY_NAME, SEED));
    private final byte[] head = Arrays.copyOf(
            Base64.getUrlDecoder()
                    .decode(codec.encode(new Ticket("evt", 1, 1, Instant.ofEpochMilli(0), Optional.empty()))),
            VERSION_AND_KEY);

    @FuzzTest(maxDuration = "60s")
    void whatIsNotSignedIsNoTicket(byte[] text) {
        assertThat(codec.decode(new String(text, StandardCharsets.UTF_8))).isInstanceOf(DecodedTicket.Invalid.class);
        assertThat(codec.decode(base64(text))).isInstanceOf(DecodedTicket.Invalid.class);
    }

    /** The reader of the fields, behind a signature that is right: what it takes is the one spelling of a ticket. */
    @FuzzTest(maxDuration = "60s")
    void whatIsSignedIsOneTicketOrNone(byte[] fields) {
        byte[] signed = Arrays.copyOf(head, head.length + fields.length + Hmac.BYTES);
        System.arraycopy(fields, 0, signed, head.length, fields.length);
        int length = head.length + fields.length;
        byte[] mac = new Hmac(new SecretKeySpec(TestKeys.secret(SEED, 32), "HmacSHA256")).sign(signed, length);
        System.arraycopy(mac, 0, signed, length, mac.length);
        String token = base64(signed);

        if (codec.decode(token) instanceof DecodedTicket.Valid valid) {
            assertThat(codec.encode(valid.ticket())).isEqualTo(token);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
