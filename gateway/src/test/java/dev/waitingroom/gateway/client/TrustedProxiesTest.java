package dev.waitingroom.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.site.IpRange;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private static final List<IpRange> OURS =
            List.of(IpRange.parse("10.0.0.0/8"), IpRange.parse("fd00::/8"), IpRange.parse("192.0.2.7"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // peer      | header, lines by ;           | client
                "203.0.113.9 | 198.51.100.1                 | 203.0.113.9", // not ours: what it says is nothing
                "10.1.2.3    | 198.51.100.1                 | 198.51.100.1",
                "10.1.2.3    | 6.6.6.6, 198.51.100.1        | 198.51.100.1", // what the client itself put there
                "10.1.2.3    | 198.51.100.1, 192.0.2.7      | 198.51.100.1", // two proxies of ours
                "10.1.2.3    | 6.6.6.6;198.51.100.1         | 198.51.100.1", // two lines are one list (RFC 9110, 5.3)
                "10.1.2.3    | 198.51.100.1:4711            | 198.51.100.1",
                "10.1.2.3    | [2001:db8::1]:4711           | 2001:db8::1",
                "10.1.2.3    | 2001:db8::1                  | 2001:db8::1",
                "10.1.2.3    | ::ffff:198.51.100.1          | 198.51.100.1",
                "fd00::7     | 198.51.100.1                 | 198.51.100.1",
                "::ffff:10.1.2.3 | 198.51.100.1             | 198.51.100.1",
                "10.1.2.3    | 10.9.9.9, 10.8.8.8           | 10.9.9.9", // all ours: the farthest
                "10.1.2.3    | 198.51.100.1, unknown        | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1,                | 10.1.2.3",
                "10.1.2.3    | ''                           | 10.1.2.3",
                "192.0.2.8   | 198.51.100.1                 | 192.0.2.8"
            })
    void clientIsTheFirstAddressThatIsNotATrustedProxy(String peer, String lines, String client) {
        var proxies = new TrustedProxies(OURS, AddressHeader.X_FORWARDED_FOR);

        assertThat(proxies.client(address(peer), Arrays.asList(lines.split(";", -1))))
                .isEqualTo(address(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=198.51.100.1;proto=https                            | 198.51.100.1",
                "for=6.6.6.6, proto=https; For=\"198.51.100.1:80\"       | 198.51.100.1",
                "for=198.51.100.1, for=\"[fd00::1]:80\";by=10.0.0.1      | 198.51.100.1",
                "for=\"[2001:db8::1]\"                                   | 2001:db8::1",
                "for=198.51.100.1, for=_hidden                           | 10.1.2.3",
                "for=198.51.100.1, for=\"10.0.0.1, 6.6.6.6\"             | 10.1.2.3",
                "198.51.100.1                                            | 10.1.2.3"
            })
    void readsTheForwardedHeader(String header, String client) {
        var proxies = new TrustedProxies(OURS, AddressHeader.FORWARDED);

        assertThat(proxies.client(address("10.1.2.3"), List.of(header))).isEqualTo(address(client));
    }

    @Test
    void noProxyIsTrustedByDefault() {
        var proxies = new TrustedProxies(List.of(), AddressHeader.X_FORWARDED_FOR);

        assertThat(proxies.client(address("127.0.0.1"), List.of("198.51.100.1")))
                .isEqualTo(address("127.0.0.1"));
    }

    @Test
    void longHeaderIsReadUpToAMaximumDepth() {
        var proxies = new TrustedProxies(OURS, AddressHeader.X_FORWARDED_FOR);

        assertThat(proxies.client(address("10.1.2.3"), List.of("198.51.100.1" + ",10.0.0.1".repeat(500))))
                .isEqualTo(address("10.0.0.1"));
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-For | 10.1.2.3    | https                     | true",
                "X-Forwarded-For | 10.1.2.3    | HTTPS                     | true",
                "X-Forwarded-For | 10.1.2.3    | https, http               | true", // TLS ended at the first proxy
                "X-Forwarded-For | 10.1.2.3    | http                      | false",
                "X-Forwarded-For | 10.1.2.3    | ''                        | false",
                "X-Forwarded-For | 203.0.113.9 | https                     | false", // not ours: what it says is
                // nothing
                "Forwarded       | 10.1.2.3    | for=1.2.3.4;proto=https   | true",
                "Forwarded       | 10.1.2.3    | for=1.2.3.4;Proto=\"https\" | true",
                "Forwarded       | 10.1.2.3    | for=1.2.3.4               | false",
                "Forwarded       | 203.0.113.9 | proto=https               | false"
            })
    void onlyATrustedProxySaysThatARequestCameOverHttps(String header, String peer, String value, boolean secure) {
        var proxies = new TrustedProxies(OURS, AddressHeader.parse(header));

        assertThat(proxies.secure(address(peer), List.of(value))).isEqualTo(secure);
        assertThat(proxies.secure(address(peer), List.of())).isFalse();
    }
}
