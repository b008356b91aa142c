package dev.waitingroom.gateway.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.upstream.Shop;
import dev.waitingroom.gateway.upstream.Shop.Seen;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PathRule;
import dev.waitingroom.queue.site.PathRules;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.testkit.browser.Chromium;
import dev.waitingroom.testkit.browser.Tab;
import dev.waitingroom.testkit.docs.DocumentedProxy;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Visitors of a shop behind real proxies, which run the configuration that docs/protect tells readers to write. */
class RealProxiesIT {
    private static final String EVENT = "concert";
    private static final String PAGE = "/waiting/" + EVENT;
    private static final String[] BROWSER = {"Accept", "text/html,application/xhtml+xml"};
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final TestGateway GATEWAY = TestGateway.now();
    private static final FakeRoom ROOM = GATEWAY.registry.add(EVENT);
    private static final Shop SHOP = new Shop();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<DocumentedProxy, ProxyProcess> PROXIES = new EnumMap<>(DocumentedProxy.class);

    @BeforeEach
    void reset() {
        ROOM.site = SiteSettings.DEFAULT;
        ROOM.status = FakeRoom.waiting(42);
        ROOM.told = UnaryOperator.identity();
        SHOP.seen.clear();
    }

    @AfterAll
    static void close() {
        PROXIES.values().forEach(ProxyProcess::close);
        SHOP.close();
        GATEWAY.close();
        CLIENT.close();
    }

    private static ProxyProcess proxy(DocumentedProxy kind) {
        ProxyProcess running = PROXIES.get(kind);
        if (running == null) {
            running = ProxyProcess.startOrSkip(kind, GATEWAY.port(), SHOP.port());
            PROXIES.put(kind, running);
        }
        return running;
    }

    private static HttpResponse<String> send(
            DocumentedProxy kind, String method, String path, String body, String... headers) {
        return send(proxy(kind), method, path, body, headers);
    }

    /** @param path a path of the proxy, or a whole address */
    private static HttpResponse<String> send(
            ProxyProcess proxy, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + proxy.port()).resolve(path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(proxy.log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }

    /** Name and value of the first cookie of an answer. */
    private static String cookie(HttpResponse<String> answer) {
        String cookie = answer.headers().firstValue("Set-Cookie").orElse("");
        return cookie.substring(0, Math.max(0, cookie.indexOf(';')));
    }

    private static void turnComes() {
        ROOM.status = new TicketStatus(
                TicketStatus.State.WAITING,
                1,
                Optional.empty(),
                Duration.ofSeconds(9),
                true,
                false,
                Duration.ofMillis(200),
                FakeRoom.NOW);
    }

    /** Joins and enters at the page, and returns the cookie of the session. */
    private static String admitted(DocumentedProxy kind) {
        String place = cookie(send(kind, "POST", PAGE, "action=join", "Content-Type", FORM));
        turnComes();
        return cookie(send(kind, "POST", PAGE, "action=enter&return=/a", "Content-Type", FORM, "Cookie", place));
    }

    private static SiteSettings site(PathRules paths, BypassRules bypass, SessionRules session) {
        return new SiteSettings(
                Optional.of(new Protection(Optional.empty(), List.of(), paths, bypass, Protection.DEFAULT.limits())),
                Duration.ZERO,
                session,
                PageSettings.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource
    void visitorJoinsWaitsEntersAndShops(DocumentedProxy kind) {
        HttpResponse<String> sent = send(kind, "GET", "/seats?row=3&x=a%20b", "", BROWSER);
        assertThat(sent.statusCode()).as(proxy(kind).log()).isEqualTo(303);
        assertThat(location(sent)).endsWith(PAGE + "?return=%2Fseats%3Frow%3D3%26x%3Da%2520b");

        HttpResponse<String> page = send(kind, "GET", location(sent), "", BROWSER);
        assertThat(page.statusCode()).isEqualTo(200);

        HttpResponse<String> joined = send(kind, "POST", PAGE, "action=join&return=/seats?row=3", "Content-Type", FORM);
        String place = cookie(joined);
        assertThat(place).startsWith("wrt-concert=");
        assertThat(send(kind, "GET", PAGE, "", BROWSER[0], BROWSER[1], "Cookie", place)
                        .body())
                .contains("42");
        assertThat(send(kind, "GET", "/seats?row=3", "", BROWSER[0], BROWSER[1], "Cookie", place)
                        .statusCode())
                .isEqualTo(303);

        turnComes();
        HttpResponse<String> entered =
                send(kind, "POST", PAGE, "action=enter&return=/seats?row=3", "Content-Type", FORM, "Cookie", place);
        assertThat(entered.statusCode()).isEqualTo(303);
        assertThat(location(entered)).endsWith("/seats?row=3");
        assertThat(SHOP.seen).isEmpty();

        HttpResponse<String> shop =
                send(kind, "GET", location(entered), "", BROWSER[0], BROWSER[1], "Cookie", cookie(entered));
        assertThat(shop.statusCode()).isEqualTo(200);
        assertThat(shop.body()).isEqualTo("shop /seats?row=3");
        assertThat(shop.headers().allValues("Set-Cookie")).contains("sid=1");
        assertThat(SHOP.seen).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void programWithoutAdmissionIsToldWhereToJoin(DocumentedProxy kind) {
        HttpResponse<String> answer =
                send(kind, "POST", "/upload", "x".repeat(50_000), "Content-Type", "application/json");

        assertThat(answer.statusCode()).as(proxy(kind).log()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        Answer read = new Answer("POST", "/upload", answer.statusCode(), Map.of(), answer.body());
        assertThat(read.text("code")).isEqualTo("WAITING_ROOM_REQUIRED");
        assertThat(read.text("join_url")).isEqualTo("/api/v1/queue/join");
        assertThat(read.text("page_url")).isEqualTo(PAGE);
        assertThat(SHOP.seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void programJoinsThroughTheProxy(DocumentedProxy kind) {
        HttpResponse<String> joined = send(
                kind, "POST", "/api/v1/queue/join", "{\"event_id\":\"concert\"}", "Content-Type", "application/json");

        assertThat(joined.statusCode()).isEqualTo(202);
        assertThat(joined.body()).contains("waiting_token");
    }

    @ParameterizedTest
    @EnumSource
    void admittedVisitorSendsABody(DocumentedProxy kind) {
        HttpResponse<String> answer = send(
                kind, "POST", "/upload", "x".repeat(50_000), "Cookie", admitted(kind), "Content-Type", "text/plain");

        assertThat(answer.statusCode()).as(proxy(kind).log()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("got 50000");
        Seen seen = SHOP.seen.getLast();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.header("Cookie")).startsWith("wr-concert=");
    }

    @ParameterizedTest
    @EnumSource
    void answersOfTheShopPassAsTheyAre(DocumentedProxy kind) {
        HttpResponse<String> missing = send(kind, "GET", "/missing", "", "Cookie", admitted(kind));

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).isEqualTo("no such thing");
    }

    @ParameterizedTest
    @EnumSource
    void preflightReachesTheShop(DocumentedProxy kind) {
        HttpResponse<String> answer = send(
                kind, "OPTIONS", "/api", "", "Origin", "https://other.example", "Access-Control-Request-Method", "PUT");

        assertThat(answer.statusCode()).as(proxy(kind).log()).isEqualTo(200);
        assertThat(SHOP.seen.getLast().method()).isEqualTo("OPTIONS");
    }

    /** Each path is protected, and one client may bypass: the visitor claims to be all of that. */
    @ParameterizedTest
    @EnumSource
    void nobodyEntersByHeadersOfTheProxy(DocumentedProxy kind) {
        ROOM.site = site(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of()),
                new BypassRules(List.of(), List.of(IpRange.parse("198.51.100.0/24")), Optional.empty()),
                SiteSettings.DEFAULT.session());

        HttpResponse<String> answer = send(
                kind,
                "POST",
                "/cart?x=/open",
                "",
                "X-Original-URI",
                "/open",
                "X-Original-URL",
                "http://127.0.0.1/open",
                "X-Original-Method",
                "OPTIONS",
                "X-Forwarded-Uri",
                "/open",
                "X-Forwarded-Method",
                "OPTIONS",
                "X-Forwarded-For",
                "198.51.100.7",
                "Forwarded",
                "for=198.51.100.7");

        assertThat(answer.statusCode()).as(proxy(kind).log()).isEqualTo(429);
        assertThat(SHOP.seen).isEmpty();
        assertThat(send(kind, "GET", "/open", "").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void spellingsOfAProtectedPathAreProtected(DocumentedProxy kind) {
        ROOM.site = site(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of()),
                BypassRules.NOBODY,
                SiteSettings.DEFAULT.session());

        for (String path : List.of("/%63art", "/open/%2e%2e/cart", "/cart/", "/cart;x=1")) {
            assertThat(send(kind, "GET", path, "").statusCode()).as(path).isEqualTo(429);
        }
        assertThat(SHOP.seen).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "NGINX")
    void renewedSessionReachesTheVisitor(DocumentedProxy kind) {
        String session = admitted(kind);
        ROOM.site = site(PathRules.ALL, BypassRules.NOBODY, new SessionRules(Duration.ofDays(1), true));

        HttpResponse<String> answer = send(kind, "GET", "/a", "", "Cookie", session);

        assertThat(answer.headers().allValues("Set-Cookie"))
                .contains("sid=1")
                .anyMatch(cookie -> cookie.startsWith("wr-concert=") && cookie.endsWith("Max-Age=86400"));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyEntersWhileTheGatewayIsAway(DocumentedProxy kind) {
        int nobody = FreePorts.next();
        try (ProxyProcess alone = ProxyProcess.startOrSkip(kind, nobody, SHOP.port())) {
            HttpResponse<String> answer = send(alone, "GET", "/a", "");

            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
            assertThat(SHOP.seen).isEmpty();
        }
    }

    /** Scripts, cookies and redirects as a browser has them. */
    @ParameterizedTest
    @EnumSource
    void browserEntersByItself(DocumentedProxy kind) {
        ProxyProcess proxy = proxy(kind);
        ROOM.told = status -> new TicketStatus(
                status.state(),
                status.position(),
                status.eta(),
                status.waited(),
                status.ready(),
                status.onHold(),
                Duration.ofMillis(200),
                Instant.now());
        try (Chromium browser = Chromium.startOrSkip();
                Tab tab = Objects.requireNonNull(browser).visitor()) {
            tab.go("http://127.0.0.1:" + proxy.port() + "/seats?row=3");
            tab.await("document.getElementById('wr-position').textContent === '42'");
            turnComes();
            tab.await("document.body.textContent === 'shop /seats?row=3'");

            assertThat(tab.text("location.pathname + location.search")).isEqualTo("/seats?row=3");
        }
    }
}
