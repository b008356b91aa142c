package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnavailabilityReporterTest {
    @Test
    void tokenIsShortenedToItsLastEightCharacters() {
        assertThat(UnavailabilityReporter.shortened("abcdefghijklm")).isEqualTo("…fghijklm");
    }

    @Test
    void shortTokenIsHidden() {
        assertThat(UnavailabilityReporter.shortened("secret12")).isEqualTo("…");
    }
}
