package dev.waitingroom.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {
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
