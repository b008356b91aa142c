package dev.waitingroom.queue.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import dev.waitingroom.queue.site.Protection.Match;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteCodecTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0};

    private static SiteSettings everything() {
        return new SiteSettings(
                Optional.of(new Protection(
                        Optional.of(new Protection.Service("shop.default.svc", 8080)),
                        List.of("shop.example", "*.shop.example"),
                        new PathRules(
                                List.of(new PathRule.Prefix("/cart")), List.of(new PathRule.Prefix("/cart/help"))),
                        new BypassRules(
                                List.of(new SecretHeader("x-probe", "\"secret\"")),
                                List.of(IpRange.parse("192.0.2.0/24")),
                                Optional.of(LinkKey.derive(new byte[32]))),
                        new UpstreamLimits(Duration.ofSeconds(2), Duration.ofSeconds(90), 1 << 20))),
                Duration.ofSeconds(60),
                new SessionRules(Duration.ofSeconds(600), false),
                new PageSettings(
                        "Concert",
                        "Bald geht's los \u2013 \uD83C\uDFB5",
                        new PageColours(Colour.parse("#1a56db"), Colour.WHITE, Colour.BLACK),
                        Optional.of(PageLogo.of(PNG)),
                        Optional.of(new PageTemplate("<h1>{{> head}}{{> room}}{{> script}}</h1>"))));
    }

    @Test
    void settingsAreReadAsTheyWereWritten() {
        assertThat(SiteCodec.decode(SiteCodec.encode(everything()))).isEqualTo(everything());
        assertThat(SiteCodec.decode(SiteCodec.encode(SiteSettings.DEFAULT))).isEqualTo(SiteSettings.DEFAULT);
    }

    @Test
    void patternsAreReadAsTheyWereWritten() {
        var site = new SiteSettings(
                Optional.of(new Protection(
                        Optional.empty(),
                        List.of(),
                        new PathRules(List.of(PathRule.Regex.of("^/a[0-9]$")), List.of()),
                        BypassRules.NOBODY,
                        UpstreamLimits.DEFAULT)),
                Duration.ZERO,
                SessionRules.DEFAULT,
                PageSettings.DEFAULT);

        Protection read = SiteCodec.decode(SiteCodec.encode(site)).protection().orElseThrow();

        assertThat(read.service()).isEmpty();
        assertThat(read.paths().protects("/a1")).isTrue();
        assertThat(read.paths().protects("/ab")).isFalse();
    }

    @Test
    void missingAndUnknownFieldsAreAnotherRelease() {
        assertThat(SiteCodec.decode("{\"later\":[1]}")).isEqualTo(SiteSettings.DEFAULT);
    }

    @Test
    void nonsenseIsNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> SiteCodec.decode("{"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SiteCodec.decode("{\"protection\":{\"host\":\"shop\"}}"))
                .withMessageContaining("shop:0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SiteCodec.decode("{\"page\":{\"accent\":\"red\"}}"))
                .withMessageContaining("red");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SiteCodec.decode(
                        "{\"protection\":{\"host\":\"shop\",\"port\":80,\"bypassRanges\":[\"10.0.0.0/33\"]}}"))
                .withMessageContaining("10.0.0.0/33");
    }

    @Test
    void versionTellsTextsApart() {
        assertThat(SiteText.of(everything())).isEqualTo(SiteText.of(everything()));
        assertThat(SiteText.of(everything()).version())
                .isNotEqualTo(SiteText.of(SiteSettings.DEFAULT).version());
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example, EXACT",
        "SHOP.example:8080, EXACT",
        "a.shop.example, WILDCARD",
        "a.b.shop.example:443, WILDCARD",
        "xshop.example, NONE",
        "other.example, NONE",
        "[::1]:80, NONE"
    })
    void hostsAreMatchedWithoutPortAndCase(String host, Match match) {
        assertThat(everything().protection().orElseThrow().matches(host)).isEqualTo(match);
    }
}
