package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnavailableLogTest {
    @Test
    void tokenIsShortenedToItsEnd() {
        assertThat(UnavailableLog.shortened("abcdefghijklm")).isEqualTo("…fghijklm");
    }

    @Test
    void shortTokenIsNotShownAtAll() {
        assertThat(UnavailableLog.shortened("secret12")).isEqualTo("…");
    }
}
