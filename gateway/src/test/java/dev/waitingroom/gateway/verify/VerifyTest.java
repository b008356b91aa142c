package dev.waitingroom.gateway.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PathRule;
import dev.waitingroom.queue.site.PathRules;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.site.SiteSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The route check as proxies ask it. The peer, 127.0.0.1, is a trusted proxy. */
class VerifyTest {
    private static final String EVENT = "evt";
    private static final String BROWSER = "text/html,application/xhtml+xml";
    private static final SessionRules RENEWED = new SessionRules(Duration.ofSeconds(600), true);

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add(EVENT);

    @AfterEach
    void close() {
        gateway.close();
    }

    /** How each proxy asks. */
    enum Proxy {
        NGINX {
            @Override
            Answer ask(TestGateway gateway, String method, String target, String... headers) {
                return gateway.get(
                        "/verify/nginx/evt", with(headers, "X-Original-URI", target, "X-Original-Method", method));
            }
        },
        INGRESS_NGINX {
            @Override
            Answer ask(TestGateway gateway, String method, String target, String... headers) {
                return gateway.get(
                        "/verify/nginx/evt",
                        with(headers, "X-Original-URL", "http://shop.example" + target, "X-Original-Method", method));
            }
        },
        FORWARD {
            @Override
            Answer ask(TestGateway gateway, String method, String target, String... headers) {
                return gateway.get(
                        "/verify/forward/evt",
                        with(
                                headers,
                                "X-Forwarded-Uri",
                                target,
                                "X-Forwarded-Method",
                                method,
                                "X-Forwarded-Host",
                                "shop.example"));
            }
        },
        ENVOY {
            @Override
            Answer ask(TestGateway gateway, String method, String target, String... headers) {
                return gateway.send(method, "/verify/envoy/evt" + target, "", headers);
            }
        };

        abstract Answer ask(TestGateway gateway, String method, String target, String... headers);

        boolean isNginx() {
            return this == NGINX || this == INGRESS_NGINX;
        }

        private static String[] with(String[] headers, String... more) {
            List<String> all = new ArrayList<>(Arrays.asList(headers));
            all.addAll(Arrays.asList(more));
            return all.toArray(String[]::new);
        }
    }

    private static SiteSettings site(PathRules paths, BypassRules bypass, Duration admitUnavailable) {
        Protection plain = Protection.DEFAULT;
        return new SiteSettings(
                Optional.of(new Protection(Optional.empty(), List.of(), paths, bypass, plain.limits())),
                admitUnavailable,
                RENEWED,
                PageSettings.DEFAULT);
    }

    private String session() {
        return session(EVENT, FakeRoom.INCARNATION, 600);
    }

    private String session(String event, long incarnation, long seconds) {
        return gateway.session(EVENT, event, incarnation, Duration.ofSeconds(seconds));
    }

    private static void assertAdmitted(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Content-Length")).isEqualTo("0");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    /** As a program is refused. */
    private static void assertRefused(Proxy proxy, Answer answer) {
        assertThat(answer.status()).isEqualTo(proxy.isNginx() ? 403 : 429);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }

    // --- all dialects ---

    @ParameterizedTest
    @EnumSource
    void admittedVisitorPasses(Proxy proxy) {
        assertAdmitted(proxy.ask(gateway, "GET", "/seats?row=3", "Cookie", "sid=9; " + session()));
        assertAdmitted(proxy.ask(gateway, "DELETE", "/seats", "Cookie", session()));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyPassesWithoutAdmission(Proxy proxy) {
        for (String cookie : List.of(
                "sid=9",
                session("other", FakeRoom.INCARNATION, 600),
                session(EVENT, FakeRoom.INCARNATION + 1, 600),
                session(EVENT, FakeRoom.INCARNATION, 0),
                session() + "x",
                "__Host-" + session())) {
            assertRefused(proxy, proxy.ask(gateway, "POST", "/cart", "Cookie", cookie));
        }
    }

    @ParameterizedTest
    @EnumSource
    void browserIsLedToThePage(Proxy proxy) {
        Answer answer = proxy.ask(gateway, "GET", "/seats?row=3&x=a%20b", "Accept", BROWSER);

        String page = "/waiting/evt?return=%2Fseats%3Frow%3D3%26x%3Da%2520b";
        assertThat(answer.status()).isEqualTo(proxy.isNginx() ? 401 : 303);
        switch (proxy) {
            case NGINX, INGRESS_NGINX ->
                assertThat(answer.header("Waiting-Room-Page")).isEqualTo(page);
            case FORWARD -> assertThat(answer.header("Location")).isEqualTo("http://shop.example" + page);
            case ENVOY -> assertThat(answer.header("Location")).isEqualTo(page);
        }
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void formOfABrowserIsNotRedirected(Proxy proxy) {
        assertRefused(proxy, proxy.ask(gateway, "POST", "/cart", "Accept", BROWSER));
        assertRefused(proxy, proxy.ask(gateway, "GET", "/api", "Accept", BROWSER, "Sec-Fetch-Mode", "cors"));
    }

    @ParameterizedTest
    @EnumSource
    void roomThatIsNotKnownYetNeverFails(Proxy proxy) {
        room.policy = Optional.empty();
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a", "Cookie", session()));

        gateway.registry.rooms.clear();
        gateway.registry.ready = false;
        gateway.registry.settled = false;
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a", "Cookie", session()));
        gateway.registry.settled = true;
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a", "Cookie", session()));
    }

    @ParameterizedTest
    @EnumSource
    void preflightPasses(Proxy proxy) {
        assertAdmitted(proxy.ask(
                gateway, "OPTIONS", "/api", "Origin", TestGateway.ORIGIN, "Access-Control-Request-Method", "PUT"));
    }

    @ParameterizedTest
    @EnumSource
    void rulesForPathsAreThoseOfTheUpstreamMode(Proxy proxy) {
        room.site = site(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of(new PathRule.Prefix("/cart/help"))),
                BypassRules.NOBODY,
                Duration.ZERO);

        assertAdmitted(proxy.ask(gateway, "GET", "/about?x=/cart"));
        assertAdmitted(proxy.ask(gateway, "GET", "/cart/help"));
        assertRefused(proxy, proxy.ask(gateway, "GET", "/cart?x=/about"));
        assertRefused(proxy, proxy.ask(gateway, "GET", "/%63art"));
        assertRefused(proxy, proxy.ask(gateway, "GET", "//cart"));
        assertRefused(proxy, proxy.ask(gateway, "GET", "/about;/../cart"));
    }

    @ParameterizedTest
    @EnumSource
    void bypassLetsKnownRequestsIn(Proxy proxy) {
        room.site = site(
                PathRules.ALL,
                new BypassRules(
                        List.of(new SecretHeader("x-probe", "secret-1")),
                        List.of(IpRange.parse("198.51.100.0/24")),
                        Optional.empty()),
                Duration.ZERO);

        Answer bypassed = proxy.ask(gateway, "GET", "/a", "X-Probe", "secret-1");

        assertAdmitted(bypassed);
        assertThat(bypassed.header("x-envoy-auth-headers-to-remove")).isEqualTo(proxy == Proxy.ENVOY ? "x-probe" : "");
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a", "X-Probe", "secret-2"));
        assertAdmitted(proxy.ask(gateway, "GET", "/a", "X-Forwarded-For", "198.51.100.7"));
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a", "X-Forwarded-For", "198.51.101.7"));
    }

    @ParameterizedTest
    @EnumSource
    void everyonePassesForTheStatedTimeWhileRedisIsUnavailable(Proxy proxy) {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ofSeconds(60));
        gateway.registry.silence = Duration.ofSeconds(30);
        assertAdmitted(proxy.ask(gateway, "GET", "/a"));
        gateway.registry.silence = Duration.ofSeconds(63);
        assertRefused(proxy, proxy.ask(gateway, "GET", "/a"));
        assertAdmitted(proxy.ask(gateway, "GET", "/a", "Cookie", session()));
    }

    @ParameterizedTest
    @EnumSource
    void programPassesWithItsReservation(Proxy proxy) {
        String token = gateway.post("/api/v1/queue/admit?token=" + gateway.token(EVENT), "")
                .text("reservation_token");

        assertAdmitted(proxy.ask(gateway, "POST", "/cart", "Authorization", "Bearer " + token));
        assertRefused(proxy, proxy.ask(gateway, "POST", "/cart", "Authorization", "Bearer " + token + "x"));
        assertRefused(proxy, proxy.ask(gateway, "POST", "/cart", "Authorization", "Bearer junk"));
    }

    @ParameterizedTest
    @EnumSource
    void reservationOfAnotherRoomAdmitsNobody(Proxy proxy) {
        gateway.registry.add("other");
        String token = gateway.post("/api/v1/queue/admit?token=" + gateway.token("other"), "")
                .text("reservation_token");

        assertRefused(proxy, proxy.ask(gateway, "POST", "/cart", "Authorization", "Bearer " + token));
    }

    @ParameterizedTest
    @EnumSource
    void usedSessionIsRenewedForProxiesThatPassTheCookieOn(Proxy proxy) {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ZERO);

        Answer old = proxy.ask(gateway, "GET", "/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));
        Answer fresh = proxy.ask(gateway, "GET", "/a", "Cookie", session());

        assertThat(old.header("Set-Cookie")).startsWith("wr-evt=").endsWith("Max-Age=600");
        assertThat(fresh.all("Set-Cookie")).isEmpty();
    }

    private Answer usedWhileRedisAnswers(CompletionStage<SessionOutcome> outcome) {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ZERO);
        room.policy =
                room.policy.map(policy -> policy.withCap(Optional.of(new SessionCap(500, Duration.ofSeconds(600)))));
        room.sessions = outcome;
        Answer answer = Proxy.FORWARD.ask(gateway, "GET", "/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));
        assertAdmitted(answer);
        return answer;
    }

    @Test
    void sessionOfALimitedRoomLastsAsLongAsRedisKeepsItsPlace() {
        Answer answer = usedWhileRedisAnswers(FakeRoom.done(new SessionOutcome.Active(FakeRoom.NOW.plusSeconds(590))));

        assertThat(answer.header("Set-Cookie")).startsWith("wr-evt=").endsWith("Max-Age=590");
    }

    @Test
    void sessionIsRenewedAsUsualOnceTheLimitWasRemoved() {
        Answer answer = usedWhileRedisAnswers(FakeRoom.done(new SessionOutcome.Uncounted()));

        assertThat(answer.header("Set-Cookie")).startsWith("wr-evt=").endsWith("Max-Age=600");
    }

    @Test
    void checkPassesAVisitorWhileRedisDoesNotAnswer() {
        assertThat(usedWhileRedisAnswers(new CompletableFuture<>()).all("Set-Cookie"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void conditionalRequestOfAVisitorIsNoConcernOfTheCheck(Proxy proxy) {
        assertAdmitted(proxy.ask(gateway, "GET", "/a", "Cookie", session(), "If-None-Match", "*"));
        assertAdmitted(proxy.ask(gateway, "PUT", "/a", "Cookie", session(), "If-Match", "\"x\""));
    }

    @ParameterizedTest
    @EnumSource
    void returnNeverLeadsToAnotherHost(Proxy proxy) {
        for (String target : List.of("//evil.example/", "/\\evil.example/")) {
            if (proxy == Proxy.ENVOY && target.contains("\\")) {
                continue; // not a URI that the client of this test sends
            }
            Answer answer = proxy.ask(gateway, "GET", target, "Accept", BROWSER);

            assertThat(answer.header(proxy.isNginx() ? "Waiting-Room-Page" : "Location"))
                    .as(target)
                    .endsWith("/waiting/evt?return=%2F");
        }
    }

    @Test
    void manyRefusalsCostTheVisitorNothing() {
        try (TestGateway limited = new TestGateway(TestGateway.LIMITS, 1)) {
            limited.registry.add(EVENT);
            for (int i = 0; i < 100; i++) {
                assertThat(Proxy.NGINX
                                .ask(limited, "GET", "/a", "Accept", BROWSER, "X-Forwarded-For", "203.0.113.9")
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    // --- single dialects ---

    @Test
    void programIsToldWhereToJoin() {
        Answer answer = Proxy.ENVOY.ask(gateway, "POST", "/api/cart");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("code")).isEqualTo("WAITING_ROOM_REQUIRED");
        assertThat(answer.text("join_url")).isEqualTo("/api/v1/queue/join");
        assertThat(answer.text("page_url")).isEqualTo("/waiting/evt");
    }

    /** It removes X-Forwarded-Proto, and the cookie of a session over https has another name. */
    @Test
    void schemeBehindIngressNginxIsThatOfTheUrl() {
        String url = "https://shop.example/a";
        String secure = "__Host-" + session();

        assertAdmitted(gateway.get("/verify/nginx/evt", "X-Original-URL", url, "Cookie", secure));
        assertRefused(Proxy.NGINX, gateway.get("/verify/nginx/evt", "X-Original-URL", url, "Cookie", session()));
        assertRefused(
                Proxy.NGINX,
                gateway.get("/verify/nginx/evt", "X-Original-URL", url, "X-Forwarded-Proto", "http", "Cookie", secure));
        try (TestGateway direct = TestGateway.withoutProxies()) {
            direct.registry.add(EVENT);
            Session one = Session.of(FakeRoom.ticket(EVENT), FakeRoom.NOW);
            String own = direct.sessions.renew(one, direct.sessions.now().plus(Duration.ofMinutes(10)), true);
            String cookie = own.substring(0, own.indexOf(';'));

            assertRefused(Proxy.NGINX, direct.get("/verify/nginx/evt", "X-Original-URL", url, "Cookie", cookie));
            assertAdmitted(direct.get("/verify/nginx/evt", "Cookie", cookie.substring("__Host-".length())));
        }
    }

    @Test
    void headerThatNginxDidNotSetOpensNoPath() {
        room.site = site(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of()), BypassRules.NOBODY, Duration.ZERO);

        assertRefused(Proxy.NGINX, Proxy.NGINX.ask(gateway, "GET", "/cart", "X-Original-URL", "http://x/open"));
        assertRefused(Proxy.NGINX, Proxy.INGRESS_NGINX.ask(gateway, "GET", "/cart", "X-Original-URI", "/open"));
        assertRefused(Proxy.NGINX, Proxy.NGINX.ask(gateway, "GET", "/cart", "X-Original-URI", "/open"));
        assertRefused(Proxy.NGINX, gateway.get("/verify/nginx/evt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example/x", "a, b", "x@evil.example", "shop.example:99999999", ""})
    void hostThatCannotStandInAnAddressIsLeftOut(String host) {
        Answer answer = gateway.get(
                "/verify/forward/evt", "X-Forwarded-Uri", "/a", "X-Forwarded-Host", host, "Accept", BROWSER);

        assertThat(answer.header("Location")).isEqualTo("/waiting/evt?return=%2Fa");
    }

    @Test
    void pageIsReachedByTheSchemeOfTheVisitor() {
        Answer answer = Proxy.FORWARD.ask(gateway, "GET", "/a", "Accept", BROWSER, "X-Forwarded-Proto", "https");

        assertThat(answer.header("Location")).isEqualTo("https://shop.example/waiting/evt?return=%2Fa");
    }

    @Test
    void roomThatCannotExistHasNoPage() {
        assertThat(gateway.get("/verify/envoy/%0d%0ax/a", "Accept", BROWSER).header("Location"))
                .isEqualTo("/waiting/-?return=%2Fa");
    }

    @Test
    void bodyOfACheckIsIgnored() {
        assertAdmitted(gateway.send("POST", "/verify/envoy/evt/a", "x".repeat(100_000), "Cookie", session()));
    }

    @Test
    void untrustedPeerSaysNothingOfTheRequest() {
        try (TestGateway direct = TestGateway.withoutProxies()) {
            direct.registry.add(EVENT).site = site(
                    new PathRules(List.of(new PathRule.Prefix("/cart")), List.of()), BypassRules.NOBODY, Duration.ZERO);

            assertRefused(Proxy.NGINX, Proxy.NGINX.ask(direct, "GET", "/open"));
            assertRefused(Proxy.FORWARD, Proxy.FORWARD.ask(direct, "OPTIONS", "/open"));
            assertThat(Proxy.FORWARD
                            .ask(direct, "GET", "/open", "Accept", BROWSER)
                            .header("Location"))
                    .isEqualTo("/waiting/evt?return=%2F");
        }
    }
}
