package dev.waitingroom.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.testkit.browser.BrowserExtension;
import dev.waitingroom.testkit.browser.Tab;
import dev.waitingroom.testkit.network.Proxy;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chromium before a shop that is built as docs/protect/code.md says. */
class EntryPageIT {
    private static final int LONG = 1_800;
    private static final int SHORT = 5;
    private static final String ENTRY = "/waitingroom-enter/concert";
    private static final String ADMIT = "/api/v1/queue/admit?event_id=concert";
    private static final List<String> ELSEWHERE = List.of(
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "javascript:document.title=1",
            "http:evil.example",
            "\t//evil.example");

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final BrowserExtension BROWSER = new BrowserExtension();

    @TempDir
    private Path directory;

    private Tab tab;

    @BeforeEach
    void visit() {
        tab = BROWSER.visitor();
    }

    @AfterEach
    void leave() {
        tab.close();
    }

    private DocumentedSite site(Mode mode, int reservationSeconds) throws IOException {
        return site(ShopKind.SERVLET, mode, reservationSeconds);
    }

    private DocumentedSite site(ShopKind kind, Mode mode, int reservationSeconds) throws IOException {
        return new DocumentedSite(kind, REDIS.url(), directory, mode, reservationSeconds);
    }

    private void isIn(DocumentedSite site, String target) {
        tab.await("document.body.textContent === 'sold " + target + "'");
        assertThat(tab.text("location.href")).isEqualTo(site.url() + target);
    }

    @ParameterizedTest
    @EnumSource
    void visitorWaitsInLineAndLandsAtWhatWasAskedFor(ShopKind kind) throws IOException {
        try (DocumentedSite site = site(kind, Mode.HOLD, LONG)) {
            tab.go(site.url() + "/cart?seat=1&row=%C3%A9");
            tab.awaitState("hold");
            tab.await("document.getElementById('wr-position').textContent === '1'");

            site.apply(Mode.QUEUE, LONG);

            isIn(site, "/cart?seat=1&row=%C3%A9");
            tab.go(site.url() + "/pay");
            isIn(site, "/pay");
            assertThat(tab.text("document.cookie"))
                    .as("cookies that scripts can read")
                    .isEmpty();
        }
    }

    @Test
    void firstVisitorOfAnEmptyRoomNeedNotWait() throws IOException {
        try (DocumentedSite site = site(Mode.QUEUE, LONG)) {
            tab.go(site.url() + "/cart");

            isIn(site, "/cart");
        }
    }

    @Test
    void visitorWhoseReservationIsOverJoinsAgain() throws IOException {
        try (DocumentedSite site = site(Mode.QUEUE, SHORT)) {
            tab.go(site.url() + "/cart");
            isIn(site, "/cart");
            tab.await("fetch('/cart').then(answer => answer.status === 429)");
            tab.await("fetch('" + ADMIT + "', {method: 'POST'}).then(answer => answer.status === 410)");

            tab.go(site.url() + "/pay");
            tab.awaitState("lost");
            tab.click("#wr-button");

            isIn(site, "/pay");
        }
    }

    @Test
    void bookmarkOfTheEntryLeadsIntoTheLine() throws IOException {
        try (DocumentedSite site = site(Mode.QUEUE, LONG)) {
            tab.go(site.url() + ENTRY + "?return=%2Fcart%3Fseat%3D1");

            isIn(site, "/cart?seat=1");
        }
    }

    @Test
    void entryLeadsToNoOtherHost() throws IOException {
        try (DocumentedSite site = site(Mode.QUEUE, LONG)) {
            for (String target : ELSEWHERE) {
                tab.go(site.url() + ENTRY + "?return=" + URLEncoder.encode(target, StandardCharsets.UTF_8));

                tab.await("document.body.textContent.startsWith('sold /')");
                assertThat(tab.text("location.origin")).as(target).isEqualTo(site.url());
            }
        }
    }

    @Test
    void entryWaitsForAGatewayThatDoesNotAnswer() throws IOException {
        try (DocumentedSite site = site(Mode.QUEUE, LONG)) {
            tab.go(site.url() + "/cart");
            isIn(site, "/cart");

            site.toGateway().mode(new Proxy.Mode.Refused());
            tab.go(site.url() + ENTRY + "?return=%2Fpay");
            tab.await("document.getElementById('text').textContent.startsWith('The shop does not answer yet')");
            site.toGateway().heal();

            isIn(site, "/pay");
        }
    }
}
