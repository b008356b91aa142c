package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.waitingroom.queue.site.LinkKey.Check;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkKeyTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final Instant EXPIRES = Instant.ofEpochSecond(1_764_622_800);

    /** As {@code examples/signed-link} makes it by openssl. */
    private static final String PASS = "1764622800.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM";

    private static final LinkKey KEY = key(SECRET);

    private static LinkKey key(String secret) {
        return LinkKey.derive(secret.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void passIsTheOneThatOpensslMakes() {
        assertThat(KEY.pass("concert", EXPIRES)).isEqualTo(PASS);
        assertThat(KEY.check(PASS, "concert", EXPIRES.minusMillis(1))).isEqualTo(Check.VALID);
    }

    @Test
    void passEnds() {
        assertThat(KEY.check(PASS, "concert", EXPIRES)).isEqualTo(Check.EXPIRED);
    }

    @Test
    void passOfAnotherRoomOrKeyIsInvalid() {
        Instant now = EXPIRES.minusSeconds(60);

        assertThat(KEY.check(PASS, "concert2", now)).isEqualTo(Check.INVALID);
        assertThat(key(SECRET + "x").check(PASS, "concert", now)).isEqualTo(Check.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1764622800",
                "1764622800.",
                "1764622801.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM",
                "1764622800.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM=",
                "1764622800.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtN",
                "01764622800.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM",
                "+1764622800.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM",
                "99999999999999999999.ajl8yfQWihqq6h9iyGkqlI9J77Qxn-vd_ZUKH3--OtM"
            })
    void changedPassIsInvalid(String pass) {
        assertThat(KEY.check(pass, "concert", EXPIRES.minusSeconds(60))).isEqualTo(Check.INVALID);
    }

    @Test
    void lineEndOfAFileIsNotPartOfTheSecret() {
        assertThat(key(SECRET + "\n")).isEqualTo(KEY);
    }

    @Test
    void secretThatCanBeGuessedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> key("secret  "))
                .withMessageContaining("6 bytes")
                .withMessageContaining("openssl rand -hex 32");
    }

    @Test
    void keyIsNotPrinted() {
        assertThat(KEY.toString()).doesNotContain(KEY.text());
    }
}
