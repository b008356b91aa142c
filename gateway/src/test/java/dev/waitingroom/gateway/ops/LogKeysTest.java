package dev.waitingroom.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogKeysTest {
    @Test
    void tokenIsShortenedToItsEnd() {
        assertThat(LogKeys.shortened("abcdefghijklm")).isEqualTo("…fghijklm");
    }

    @Test
    void shortTokenIsNotShownAtAll() {
        assertThat(LogKeys.shortened("secret12")).isEqualTo("…");
    }
}
