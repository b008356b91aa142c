package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/shop/seats?row=3&seat=4#top, /shop/seats?row=3&seat=4#top",
        "/a%2Fb, /a%2Fb",
        "/좌석, /%EC%A2%8C%EC%84%9D",
        "/with space, /with%20space",
        "/<script>, /%3Cscript%3E",
        "/a//b, /a//b",
        "/@evil.example, /@evil.example"
    })
    void pathOfThisHostIsKept(String text, String path) {
        assertThat(ReturnPath.parse(text)).contains(new ReturnPath(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/a\\..\\b",
                "https://evil.example/",
                "javascript:alert(1)",
                " /shop",
                "/\t/evil.example",
                "/\n/evil.example",
                "/a\r\nSet-Cookie: x=y",
                "/a\u0000",
                "/a\u007f",
                "%2F%2Fevil.example"
            })
    void anythingThatMayLeadElsewhereIsRefused(String text) {
        assertThat(ReturnPath.parse(text)).isEmpty();
        assertThat(ReturnPath.orRoot(Optional.of(text))).isEqualTo(ReturnPath.ROOT);
    }

    @Test
    void endlessPathIsRefused() {
        assertThat(ReturnPath.parse("/" + "a".repeat(5_000))).isEmpty();
    }

    @Property
    void acceptedPathStaysOnTheHost(@ForAll String text) {
        ReturnPath.parse("/" + text).ifPresent(path -> {
            assertThat(path.value()).matches("/[!-~]*").doesNotStartWith("//");
            String location = path.value().replaceAll("[|^\\[\\]#]|%(?![0-9A-Fa-f]{2})", "x");
            assertThat(URI.create("https://host.example").resolve(location).getHost())
                    .isEqualTo("host.example");
        });
    }
}
