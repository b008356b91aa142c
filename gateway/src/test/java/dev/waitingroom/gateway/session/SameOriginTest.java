package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameOriginTest {
    private static final Optional<String> HOST = Optional.of("shop.example:8080");

    @ParameterizedTest
    @CsvSource({"same-origin, true", "same-site, false", "cross-site, false", "none, false", "Same-Origin, false"})
    void browserSaysWhereTheRequestComesFrom(String site, boolean allowed) {
        assertThat(SameOrigin.allows(Optional.of(site), Optional.empty(), HOST)).isEqualTo(allowed);
    }

    @Test
    void siteCountsMoreThanTheOrigin() {
        assertThat(SameOrigin.allows(Optional.of("cross-site"), Optional.of("http://shop.example:8080"), HOST))
                .isFalse();
        assertThat(SameOrigin.allows(Optional.of("same-origin"), Optional.of("http://else.example"), HOST))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://shop.example:8080", "https://SHOP.example:8080"})
    void withoutASiteTheOriginMustBeTheHost(String origin) {
        assertThat(SameOrigin.allows(Optional.empty(), Optional.of(origin), HOST))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://shop.example", "http://evil.example", "null", "", "http://evil.example#shop.example:8080"
            })
    void otherOriginsAreRefused(String origin) {
        assertThat(SameOrigin.allows(Optional.empty(), Optional.of(origin), HOST))
                .isFalse();
    }

    @Test
    void clientsOtherThanBrowsersAreAllowed() {
        assertThat(SameOrigin.allows(Optional.empty(), Optional.empty(), HOST)).isTrue();
    }
}
