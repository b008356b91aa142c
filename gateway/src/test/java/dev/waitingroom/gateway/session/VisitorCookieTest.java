package dev.waitingroom.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitorCookieTest {
    @Test
    void secureCookieIsOnlyForThisHost() {
        assertThat(VisitorCookie.SESSION.set("concert", true, "v", Duration.ofMinutes(1)))
                .isEqualTo("__Host-wr-concert=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
        assertThat(VisitorCookie.WAITING_TOKEN.set("concert", false, "v", Duration.ofMinutes(1)))
                .isEqualTo("wrt-concert=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    }

    @Test
    void deletionHasTheAttributesThatBrowsersAskFor() {
        assertThat(VisitorCookie.SESSION.delete("concert", true))
                .isEqualTo("__Host-wr-concert=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
        assertThat(VisitorCookie.SESSION.delete("concert", false))
                .isEqualTo("wr-concert=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    @Test
    void onlyTheNameOfTheSchemeCounts() {
        List<String> headers = List.of("a=1; wr-concert=plain", "__Host-wr-concert=\"secure\"; wr-concert2=x");

        assertThat(VisitorCookie.SESSION.value(headers, "concert", true)).contains("secure");
        assertThat(VisitorCookie.SESSION.value(headers, "concert", false)).contains("plain");
        assertThat(VisitorCookie.WAITING_TOKEN.value(headers, "concert", true)).isEmpty();
        assertThat(VisitorCookie.SESSION.events(headers, false)).containsExactly("concert", "concert2");
        assertThat(VisitorCookie.SESSION.events(headers, true)).containsExactly("concert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1; __Host-wr-concert=x; b=2     | a=1; b=2",
                "__Host-wrt-other=x;b=2            | b=2",
                "wr-concert=x; wrt-concert=y; c    | c",
                "wr-other=the shop's; wr-concert=x | wr-other=the shop's",
                "a=\"1;2\"; wr-concert=x           | a=\"1; 2\"",
                "sid=abc                           | sid=abc",
                "__Host-wr-concert=x               | ''",
                "' ; ;'                            | ''"
            })
    void serviceBehindTheRoomSeesOnlyItsOwn(String header, String left) {
        assertThat(VisitorCookie.strip(header, "concert").orElse("")).isEqualTo(left);
    }
}
