package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnavailabilityReporterTest {
    @Test
    void tokenIsShortenedToItsEnd() {
        assertThat(UnavailabilityReporter.shortened("abcdefghijklm")).isEqualTo("…fghijklm");
    }

    @Test
    void shortTokenIsNotShownAtAll() {
        assertThat(UnavailabilityReporter.shortened("secret12")).isEqualTo("…");
    }
}
