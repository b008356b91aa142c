package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, a00::, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 203.0.113.1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/65, 2001:db8:0:0:7fff::, true",
        "2001:db8::/65, 2001:db8:0:0:8000::, false",
        "2001:db8::1, 2001:db8::1, true"
    })
    void containsAddressesWithItsPrefix(String range, String address, boolean held) {
        IpRange one = IpRange.address(address).orElseThrow();

        assertThat(IpRange.parse(range).contains(one.high(), one.low())).isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ten", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "fd00::/129", "fd00::/8/8"})
    void invalidRangeIsNamed(String text) {
        assertThatThrownBy(() -> IpRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/24", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/65", "::/0", "::1/128"})
    void textIsReadAgainAsTheSameRange(String text) {
        assertThat(IpRange.parse(text)).hasToString(text);
    }

    @Test
    void mappedAddressIsTheIpv4Address() {
        assertThat(IpRange.parse("::ffff:192.0.2.0/120")).isEqualTo(IpRange.parse("192.0.2.0/24"));
    }
}
