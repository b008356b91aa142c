package dev.waitingroom.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(IpRange.parse(range).contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(held);
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
    @CsvSource({
        "203.0.113.1, true",
        "10.3.2.1, false",
        "172.31.0.1, false",
        "172.32.0.1, true",
        "192.168.1.1, false",
        "100.64.0.1, false",
        "127.0.0.1, false",
        "::1, false",
        "fe80::1, false",
        "fd12::1, false",
        "2001:db8::1, true"
    })
    void privateAddressesAreNotPublic(String address, boolean isPublic) {
        assertThat(IpAddress.parse(address).orElseThrow().isPublic()).isEqualTo(isPublic);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.1, 203.0.113.2, false",
        "203.0.113.1, ::ffff:203.0.113.1, true",
        "2001:db8:1:2::1, 2001:db8:1:2:ffff::9, true",
        "2001:db8:1:2::1, 2001:db8:1:3::1, false"
    })
    void clientIsAnIpv4AddressOrAnIpv6NetworkOf64Bits(String one, String other, boolean same) {
        assertThat(IpAddress.parse(one).orElseThrow().client()
                        == IpAddress.parse(other).orElseThrow().client())
                .isEqualTo(same);
    }
}
