package dev.waitingroom.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.site.PageColours;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PageTemplate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The page over HTTP, as a browser without script gets it. */
class PageTest {
    private static final String PAGE = "/waiting/evt";
    private static final Pattern POLICY_NONCE = Pattern.compile("script-src 'nonce-([A-Za-z0-9_-]{22})'");

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add("evt");
    private final String cookie = "wrt-evt=" + gateway.token("evt");

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer placed(String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Cookie";
        all[1] = cookie;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return gateway.get(PAGE, all);
    }

    private static String state(Answer page) {
        Matcher state = Pattern.compile("<main [^>]*data-state=\"([a-z]+)\"").matcher(page.body());
        assertThat(state.find()).as(page.body()).isTrue();
        return state.group(1);
    }

    private void serve(Mode mode, String message) {
        Policy policy = FakeRoom.policy("evt", FakeRoom.INCARNATION);
        room.policy = Optional.of(new Policy(
                policy.eventId(),
                policy.incarnation(),
                policy.generation(),
                mode,
                policy.rate(),
                policy.period(),
                policy.burst(),
                policy.ttl(),
                policy.turnTtl(),
                policy.maxLength(),
                policy.reservationTtl(),
                message));
    }

    // --- states ---

    @Test
    void newcomerIsOfferedAPlaceAndTakesNone() {
        Answer page = gateway.get(PAGE);

        assertThat(page.status()).isEqualTo(200);
        assertThat(state(page)).isEqualTo("join");
        assertThat(page.body()).contains("name=\"action\" value=\"join\"");
        assertThat(page.all("Set-Cookie")).isEmpty();
        assertThat(room.keys).isEmpty();
    }

    @Test
    void waitingVisitorSeesPositionEstimateAndWhenItWasTrue() {
        Answer page = placed();

        assertThat(state(page)).isEqualTo("waiting");
        assertThat(page.body())
                .contains("<dd id=\"wr-position\">42</dd>", "<dd id=\"wr-ahead\">41</dd>")
                .contains("<dd id=\"wr-eta\">Less than a minute</dd>")
                .contains("Updated 12:00:00 UTC")
                .contains("value=\"50\"") // 5 s waited, 5 s to go
                .contains("name=\"action\" value=\"leave\"");
    }

    @Test
    void pageWithoutScriptRefreshesWhenThePollIsDue() {
        assertThat(placed().body()).contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>");
        assertThat(gateway.get(PAGE).body()).doesNotContain("http-equiv");
    }

    @Test
    void turnIsShownWithHowLongItLasts() {
        room.status = new TicketStatus(
                TicketStatus.State.WAITING,
                1,
                Optional.empty(),
                Duration.ZERO,
                true,
                false,
                Duration.ofSeconds(1),
                FakeRoom.NOW);

        Answer page = placed();

        assertThat(state(page)).isEqualTo("ready");
        assertThat(page.body())
                .contains("Your turn stays good for 15 minutes")
                .contains("name=\"action\" value=\"enter\"");
    }

    @Test
    void holdShowsThePlaceWithoutAnEstimate() {
        room.status = new TicketStatus(
                TicketStatus.State.WAITING,
                42,
                Optional.empty(),
                Duration.ZERO,
                false,
                true,
                Duration.ofSeconds(1),
                FakeRoom.NOW);

        Answer page = placed();

        assertThat(state(page)).isEqualTo("hold");
        assertThat(page.body()).contains("<dd id=\"wr-eta\">No estimate right now</dd>", ">42</dd>");
    }

    @Test
    void staleStatusShowsThatThePlaceIsKeptAndNoEstimate() {
        TicketStatus waiting = FakeRoom.waiting(42);
        room.status = new TicketStatus(
                waiting.state(),
                waiting.position(),
                waiting.eta(),
                waiting.waited(),
                false,
                false,
                waiting.pollAfter(),
                FakeRoom.NOW.minusSeconds(6));

        Answer page = placed();

        assertThat(state(page)).isEqualTo("away");
        assertThat(page.body())
                .contains("Your place is kept.", ">42</dd>", "<dd id=\"wr-eta\">No estimate right now</dd>");
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED, lost, join", "LEFT, left, join", "ADMITTED, ready, enter"})
    void endedPlaceSaysHowToGoOn(TicketStatus.State ended, String state, String action) {
        room.status = FakeRoom.gone(ended);

        Answer page = placed();

        assertThat(state(page)).isEqualTo(state);
        assertThat(page.body()).contains("name=\"action\" value=\"" + action + "\"");
    }

    @Test
    void roomThatRefusesJoinsShowsItsMessageToNewcomersOnly() {
        serve(Mode.REJECT, "Sold out & over");

        assertThat(state(gateway.get(PAGE))).isEqualTo("closed");
        assertThat(gateway.get(PAGE).body()).contains("Sold out &amp; over");
        assertThat(state(placed())).isEqualTo("waiting");
    }

    @Test
    void unknownEventHasAPageToo() {
        Answer page = gateway.get("/waiting/other");

        assertThat(page.status()).isEqualTo(404);
        assertThat(state(page)).isEqualTo("over");
        assertThat(gateway.get("/waiting/%22%3E%3Cscript%3E").status()).isEqualTo(404);
    }

    @Test
    void gatewayThatHasNotReadTheLineSaysThatThePlaceIsKept() {
        room.policy = Optional.empty();

        Answer page = placed();

        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Retry-After")).isEqualTo("1");
        assertThat(state(page)).isEqualTo("away");
        assertThat(page.body()).contains("http-equiv=\"refresh\"");
    }

    @Test
    void cookieOfAnotherRoomOrNonsenseIsNoPlace() {
        assertThat(state(gateway.get(PAGE, "Cookie", "wrt-evt=" + gateway.token("other"))))
                .isEqualTo("join");
        assertThat(state(gateway.get(PAGE, "Cookie", "wrt-evt=x"))).isEqualTo("join");
    }

    // --- headers ---

    @Test
    void policyAllowsOnlyThisPagesOwnScript() {
        Answer page = placed();
        Matcher nonce = POLICY_NONCE.matcher(page.header("Content-Security-Policy"));

        assertThat(nonce.find()).isTrue();
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; ")
                .contains("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).contains("<script nonce=\"" + nonce.group(1) + "\">");
        assertThat(Pattern.compile("<(script|style)(?![^>]* nonce=\"" + nonce.group(1) + "\")")
                        .matcher(page.body())
                        .find())
                .isFalse();
        assertThat(placed().header("Content-Security-Policy")).isNotEqualTo(page.header("Content-Security-Policy"));
    }

    @Test
    void pageRequestsNothingFromOtherHosts() {
        assertThat(Pattern.compile(
                                "(?:src|href|action)=\"(?:https?:)?//|url\\(|@import|https?://(?!www\\.w3\\.org/2000/svg)")
                        .matcher(placed().body())
                        .find())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(PageState.class)
    void pageIsSmall(PageState state) {
        for (String language : Languages.TAGS) {
            String page = gateway.admin("/waiting/evt?preview=" + state.label() + "&lang=" + language)
                    .body();

            assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(45_000);
        }
    }

    /** The bytes of an answer, head included, as the network carries them. */
    private String wire(String language, String encoding, String... headers) {
        return gateway.raw(("GET " + PAGE + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Language: " + language
                        + "\r\nAccept-Encoding: " + encoding + "\r\n" + String.join("\r\n", headers)
                        + (headers.length > 0 ? "\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String unzipped(Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(body.length));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void pageIsUnderSixtyKilobytesOverTheWire() {
        for (String language : Languages.TAGS) {
            for (String[] visitor : new String[][] {{}, {"Cookie: " + cookie}}) {
                assertThat(wire(language, "identity", visitor)).as(language).hasSizeLessThan(60_000);
                assertThat(wire(language, "gzip", visitor)).as(language).hasSizeLessThan(20_000);
            }
        }
    }

    @Test
    void browserThatTakesGzipGetsTheSamePageCompressed() throws IOException {
        Answer zipped = Answer.parse("GET", PAGE, wire("hi", "gzip, br", "Cookie: " + cookie));
        String plain = Answer.parse("GET", PAGE, wire("hi", "identity", "Cookie: " + cookie))
                .body();

        assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(zipped.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        Pattern random = Pattern.compile("[A-Za-z0-9_-]{22}"); // nonce and key
        assertThat(random.matcher(unzipped(zipped)).replaceAll("-"))
                .isEqualTo(
                        random.matcher(new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                                .replaceAll("-"));
    }

    @Test
    void compressedPageHasTheTagOfThePage() {
        Answer zipped = Answer.parse("GET", PAGE, wire("en", "gzip"));
        Answer plain = gateway.get(PAGE);

        assertThat(zipped.header("ETag")).isEqualTo(plain.header("ETag")).startsWith("W/");
        assertThat(zipped.header("Vary")).isEqualTo(plain.header("Vary")).contains("Accept-Encoding");
        Answer again = Answer.parse("GET", PAGE, wire("en", "gzip", "If-None-Match: " + zipped.header("ETag")));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("Vary")).contains("Accept-Encoding");
        assertThat(again.header("Content-Encoding")).isEmpty();
    }

    @Test
    void pageWithAPlaceIsNotStored() {
        assertThat(placed().header("Cache-Control")).isEqualTo("no-store");
        assertThat(placed().header("ETag")).isEmpty();
        assertThat(placed().header("Vary")).contains("Cookie", "Accept-Language", "Accept-Encoding");
    }

    @Test
    void pageWithoutAPlaceIsSentOnce() {
        Answer first = gateway.get(PAGE);

        Answer second = gateway.get(PAGE, "If-None-Match", first.header("ETag"));

        assertThat(first.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.header("Content-Security-Policy"))
                .as("the stored page has its own")
                .isEmpty();
        assertThat(gateway.get(PAGE + "?return=/seats", "If-None-Match", first.header("ETag"))
                        .status())
                .isEqualTo(200);
        assertThat(gateway.get(PAGE, "If-None-Match", first.header("ETag"), "Accept-Language", "de")
                        .status())
                .isEqualTo(200);
        assertThat(placed("If-None-Match", first.header("ETag")).status()).isEqualTo(200);
    }

    @Test
    void headHasTheHeadersOfGet() {
        Answer head = gateway.send("HEAD", PAGE, "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(Integer.parseInt(head.header("Content-Length"))).isGreaterThan(10_000);
    }

    // --- languages ---

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de-CH,en;q=0.5             | de      | ltr",
                "xx, fr;q=0.3, ko;q=0.9     | ko      | ltr",
                "ar-EG                      | ar      | rtl",
                "zh-CN                      | zh-Hans | ltr",
                "zh-TW                      | zh-Hans | ltr",
                "xx                         | en      | ltr",
                "de;q=0, en                 | en      | ltr",
                "de;q=x                     | en      | ltr",
                "*                          | en      | ltr"
            })
    void languageIsTheBrowsers(String header, String language, String direction) {
        assertThat(gateway.get(PAGE, "Accept-Language", header).body())
                .contains("<html lang=\"" + language + "\" dir=\"" + direction + "\">");
    }

    @Test
    void chosenLanguageIsRemembered() {
        Answer chosen = gateway.get(PAGE + "?lang=ja", "Accept-Language", "de");

        assertThat(chosen.body()).contains("<html lang=\"ja\"");
        assertThat(chosen.all("Set-Cookie"))
                .containsExactly("waiting-lang=ja; Path=/waiting/; SameSite=Lax; Max-Age=31536000");
        assertThat(gateway.get(PAGE, "Cookie", "waiting-lang=ja", "Accept-Language", "de")
                        .body())
                .contains("<html lang=\"ja\"");
        assertThat(gateway.get(PAGE + "?lang=%3Cx%3E", "Accept-Language", "de").body())
                .contains("<html lang=\"de\"");
    }

    @Test
    void figuresAreWrittenInTheLanguage() {
        room.status = FakeRoom.waiting(1_234_567);

        assertThat(placed("Accept-Language", "de").body()).contains(">1.234.567</dd>");
        assertThat(placed("Accept-Language", "hi").body()).contains(">12,34,567</dd>");
        assertThat(placed("Accept-Language", "ar").body()).contains(">١٬٢٣٤٬٥٦٧</dd>");
    }

    // --- hostile input ---

    @ParameterizedTest
    @CsvSource({
        "https://evil.example/, /",
        "//evil.example, /",
        "%2F%5Cevil.example, /",
        "/%09/evil.example, /",
        "javascript:alert(1), /",
        "/seats%0D%0ASet-Cookie:x, /",
        "%2Fseats%3Fa%3D1, /seats?a=1"
    })
    void onlyPathsOfThisHostAreWhereAVisitorGoes(String asked, String used) {
        assertThat(gateway.get(PAGE + "?return=" + asked).body())
                .contains("<input type=\"hidden\" name=\"return\" value=\"" + used.replace("=", "&#x3D;") + "\">");
    }

    @Test
    void titleAndMessageAreText() {
        gateway.pageSettings = new PageSettings(
                "</title><script>alert(1)</script>",
                "<img src=x onerror=alert(2)> \"'",
                PageColours.DEFAULT,
                Optional.empty(),
                Optional.empty());

        String page = placed().body();

        assertThat(page).doesNotContain("<script>alert", "<img src=x", "</title><script");
        assertThat(page).contains("&lt;img src&#x3D;x onerror&#x3D;alert(2)&gt; &quot;&#39;");
    }

    @Test
    void returnCannotEndTheScriptsData() {
        String page =
                gateway.get(PAGE + "?return=/%3C/script%3E%3Cscript%3Ealert(1)").body();

        assertThat(page).doesNotContain("</script><script>alert", "<script>alert");
    }

    // --- own look ---

    @Test
    void logoIsServedAndKeptByTheBrowser() {
        gateway.pageSettings = TestGateway.withLogo();

        Answer logo = gateway.get(PAGE + "/logo");

        assertThat(gateway.get(PAGE).body()).contains("src=\"/waiting/evt/logo\" alt=\"Concert\"");
        assertThat(logo.header("Content-Type")).isEqualTo("image/png");
        assertThat(logo.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(gateway.get(PAGE + "/logo", "If-None-Match", logo.header("ETag"))
                        .status())
                .isEqualTo(304);
    }

    private void template(String text) {
        gateway.pageSettings = new PageSettings(
                "Concert", "", PageColours.DEFAULT, Optional.empty(), Optional.of(new PageTemplate(text)));
    }

    @Test
    void ownTemplateIsThePage() {
        template("<!doctype html><title>{{title}}</title>{{> head}}<h2>Shop</h2>{{> room}}{{> script}}");

        Answer page = placed();

        assertThat(page.body())
                .startsWith("<!doctype html><title>Concert</title>")
                .contains("<h2>Shop</h2>");
        assertThat(state(page)).isEqualTo("waiting");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{title.getClass.getClassLoader}}",
                "{{state.class}}",
                "{{unknown}}",
                "{{#languages}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{> script}}{{/languages}}"
            })
    void templateThatFailsGivesWayToTheBuiltInPage(String broken) {
        template("own {{> head}}{{> room}}{{> script}}" + broken);

        Answer page = placed();

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).startsWith("<!doctype html>\n<html lang=\"en\"");
        assertThat(state(page)).isEqualTo("waiting");
    }

    // --- previews ---

    @ParameterizedTest
    @EnumSource(PageState.class)
    void everyStateHasAPreviewOnTheAdminPort(PageState state) {
        Answer preview = gateway.admin("/waiting/any?preview=" + state.label() + "&lang=de");

        assertThat(preview.status()).isEqualTo(200);
        assertThat(state(preview)).isEqualTo(state.label());
        assertThat(preview.body()).contains("\"preview\":true").doesNotContain("http-equiv");
    }

    @Test
    void previewIsNotForVisitors() {
        assertThat(state(gateway.get(PAGE + "?preview=ready"))).isEqualTo("join");
        assertThat(gateway.admin("/waiting/evt?preview=party").text("detail"))
                .startsWith("preview must be one of join, joining, waiting, ready");
        assertThat(gateway.admin("/waiting/evt").status()).isEqualTo(400);
    }
}
