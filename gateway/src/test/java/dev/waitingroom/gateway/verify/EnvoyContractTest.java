package dev.waitingroom.gateway.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
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
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Envoy asks over HTTP and over gRPC, and gets the same decision. Its address, 127.0.0.1, is a trusted proxy. */
class EnvoyContractTest {
    private static final String EVENT = "concert";
    private static final String BROWSER = "text/html,application/xhtml+xml";
    private static final Duration LASTS = Duration.ofMinutes(30);

    private final TestGateway gateway = new TestGateway();
    private final FakeRoom room = gateway.registry.add(EVENT);
    private final Envoy http = new EnvoyOverHttp(gateway);
    private final EnvoyOverGrpc grpc = new EnvoyOverGrpc(gateway.grpcPort());

    @AfterEach
    void close() {
        grpc.close();
        gateway.close();
    }

    /** What the visitor gets. */
    sealed interface Expected {
        /** The service's answer. */
        record Service(List<String> removed) implements Expected {}

        record Page(String location) implements Expected {}

        record Refusal(String pageUrl) implements Expected {}
    }

    private static final Expected SERVICE = new Expected.Service(List.of());
    private static final Expected REFUSAL = new Expected.Refusal("/waiting/concert");

    /**
     * A visitor's request.
     *
     * @param given prepares the room
     * @param headers name, value, …; found once the room is prepared
     */
    record Case(
            String name,
            Consumer<EnvoyContractTest> given,
            String method,
            String target,
            Function<EnvoyContractTest, String[]> headers,
            Expected expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(
            String name,
            Consumer<EnvoyContractTest> given,
            String method,
            String target,
            Expected expected,
            String... headers) {
        return new Case(name, given, method, target, test -> headers, expected);
    }

    private static Case withCookie(
            String name, Consumer<EnvoyContractTest> given, Function<EnvoyContractTest, String> cookie, Expected then) {
        return new Case(name, given, "POST", "/cart", test -> new String[] {"cookie", cookie.apply(test)}, then);
    }

    private static void nothing(EnvoyContractTest ignored) {}

    static Stream<Case> cases() {
        return Stream.of(sessions(), browsers(), rules(), outages()).flatMap(Function.identity());
    }

    private static Stream<Case> sessions() {
        return Stream.of(
                withCookie("session", EnvoyContractTest::nothing, test -> "sid=9; " + test.session(), SERVICE),
                withCookie("session over plain http", EnvoyContractTest::nothing, test -> test.plainSession(), REFUSAL),
                withCookie("changed session", EnvoyContractTest::nothing, test -> test.session() + "x", REFUSAL),
                withCookie("other cookies", EnvoyContractTest::nothing, test -> "sid=9; wr-concert=1", REFUSAL),
                new Case(
                        "session over plain http, on plain http",
                        EnvoyContractTest::nothing,
                        "GET",
                        "/",
                        test -> new String[] {"cookie", test.plainSession(), "x-forwarded-proto", "http"},
                        SERVICE),
                new Case(
                        "reservation",
                        EnvoyContractTest::nothing,
                        "POST",
                        "/cart",
                        test -> new String[] {"authorization", "Bearer " + test.reservation()},
                        SERVICE),
                new Case(
                        "changed reservation",
                        EnvoyContractTest::nothing,
                        "POST",
                        "/cart",
                        test -> new String[] {"authorization", "Bearer " + test.reservation() + "x"},
                        REFUSAL));
    }

    private static Stream<Case> browsers() {
        Consumer<EnvoyContractTest> given = EnvoyContractTest::nothing;
        Expected page = new Expected.Page("/waiting/concert?return=%2Fseats%3Frow%3D3%26x%3Da%2520b");
        Expected root = new Expected.Page("/waiting/concert?return=%2F");
        return Stream.of(
                of("browser", given, "GET", "/seats?row=3&x=a%20b", page, "accept", BROWSER),
                of("HEAD of a browser", given, "HEAD", "/seats?row=3&x=a%20b", page, "accept", BROWSER),
                of("form", given, "POST", "/cart", REFUSAL, "accept", BROWSER),
                of("script", given, "GET", "/api", REFUSAL, "accept", BROWSER, "sec-fetch-mode", "cors"),
                of("program", given, "GET", "/api", REFUSAL, "accept", "application/json"),
                of("another host", given, "GET", "//evil.example/", root, "accept", BROWSER),
                of("another host by backslash", given, "GET", "/\\evil.example/", root, "accept", BROWSER),
                of("preflight", given, "OPTIONS", "/api", SERVICE, "origin", TestGateway.ORIGIN));
    }

    private static Stream<Case> rules() {
        Consumer<EnvoyContractTest> cart = test -> test.protect(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of(new PathRule.Prefix("/cart/help"))),
                BypassRules.NOBODY);
        Consumer<EnvoyContractTest> bypass = test -> test.protect(
                PathRules.ALL,
                new BypassRules(
                        List.of(new SecretHeader("accept", "secret-1")),
                        List.of(IpRange.parse("198.51.100.0/24")),
                        Optional.empty()));
        Expected withoutSecret = new Expected.Service(List.of("accept"));
        return Stream.of(
                of("open path", cart, "GET", "/about?x=/cart", SERVICE),
                of("excluded path", cart, "GET", "/cart/help", SERVICE),
                of("protected path", cart, "GET", "/cart?x=/about", REFUSAL),
                of("protected path in other letters", cart, "GET", "/%63art", REFUSAL),
                of("protected path behind dots", cart, "GET", "/about;/../cart", REFUSAL),
                of("bypass", bypass, "POST", "/a", withoutSecret, "accept", "secret-1"),
                of("wrong bypass", bypass, "POST", "/a", REFUSAL, "accept", "secret-2"),
                of("bypass by address", bypass, "POST", "/a", withoutSecret, "x-forwarded-for", "198.51.100.7"),
                of("another address", bypass, "POST", "/a", REFUSAL, "x-forwarded-for", "198.51.101.7"),
                of(
                        "address that the visitor made up",
                        bypass,
                        "POST",
                        "/a",
                        REFUSAL,
                        "x-forwarded-for",
                        "198.51.100.7, 203.0.113.9"));
    }

    private static Stream<Case> outages() {
        return Stream.of(
                of("Redis is away", test -> test.unavailable(Duration.ofSeconds(30)), "POST", "/a", SERVICE),
                of(
                        "Redis is away for too long",
                        test -> test.unavailable(Duration.ofSeconds(63)),
                        "POST",
                        "/a",
                        REFUSAL),
                withCookie(
                        "session while Redis is away",
                        test -> test.gateway.registry.silence = Duration.ofHours(1),
                        EnvoyContractTest::session,
                        SERVICE),
                withCookie(
                        "room that starts",
                        test -> test.room.policy = Optional.empty(),
                        EnvoyContractTest::session,
                        REFUSAL),
                withCookie(
                        "gateway that starts",
                        test -> {
                            test.gateway.registry.rooms.clear();
                            test.gateway.registry.ready = false;
                            test.gateway.registry.settled = false;
                        },
                        EnvoyContractTest::session,
                        REFUSAL),
                withCookie(
                        "unknown room",
                        test -> test.gateway.registry.rooms.clear(),
                        EnvoyContractTest::session,
                        REFUSAL));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothDialectsDecideTheSame(Case one) {
        one.given().accept(this);
        Map<String, String> headers = visitor(one.headers().apply(this));

        Envoy.Ruling overHttp = http.ask(one.method(), one.target(), headers);
        Envoy.Ruling overGrpc = grpc.ask(one.method(), one.target(), headers);

        for (Envoy.Ruling ruling : List.of(overHttp, overGrpc)) {
            assertThat(ruling.failed()).isFalse();
            switch (one.expected()) {
                case Expected.Service(List<String> removed) -> {
                    assertThat(ruling.passes()).isTrue();
                    assertThat(ruling.removed()).isEqualTo(removed);
                }
                case Expected.Page(String location) -> {
                    assertThat(ruling.passes()).isFalse();
                    assertThat(ruling.answer().status()).isEqualTo(303);
                    assertThat(ruling.answer().header("location")).isEqualTo(location);
                    assertThat(ruling.answer().header("cache-control")).isEqualTo("no-store");
                    assertThat(ruling.answer().body()).isEmpty();
                }
                case Expected.Refusal(String pageUrl) -> assertRefused(ruling, pageUrl);
            }
        }
    }

    private static void assertRefused(Envoy.Ruling ruling, String pageUrl) {
        Answer answer = ruling.answer();
        assertThat(ruling.passes()).isFalse();
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isEqualTo("5");
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.text("code")).isEqualTo("WAITING_ROOM_REQUIRED");
        assertThat(answer.text("join_url")).isEqualTo("/api/v1/queue/join");
        assertThat(answer.text("page_url")).isEqualTo(pageUrl);
    }

    // --- gRPC alone ---

    /** Over HTTP, Envoy drops it as documented. */
    @Test
    void renewedSessionReachesTheVisitorOverGrpc() {
        protect(PathRules.ALL, BypassRules.NOBODY);
        Map<String, String> old = visitor("cookie", session(Duration.ofMinutes(15)));

        Answer answer = grpc.ask("GET", "/", old).answer();

        assertThat(answer.all("set-cookie")).hasSize(1);
        assertThat(answer.header("set-cookie")).startsWith("__Host-wr-concert=").endsWith("Max-Age=1800");
        assertThat(answer.header("cache-control")).isEqualTo("private");
        assertThat(grpc.ask("GET", "/", visitor("cookie", session())).answer().headers())
                .isEmpty();
        assertThat(http.ask("GET", "/", old).answer().headers()).isEmpty();
    }

    private Answer usedWhileRedisAnswers(CompletionStage<SessionOutcome> outcome) {
        protect(PathRules.ALL, BypassRules.NOBODY);
        room.policy = room.policy.map(policy -> policy.withCap(Optional.of(new SessionCap(500, LASTS))));
        room.sessions = outcome;
        Answer answer = grpc.ask("GET", "/", visitor("cookie", session(Duration.ofMinutes(15))))
                .answer();
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    @Test
    void sessionOfALimitedRoomLastsAsLongAsRedisKeepsItsPlace() {
        Answer answer = usedWhileRedisAnswers(FakeRoom.done(new SessionOutcome.Active(FakeRoom.NOW.plusSeconds(590))));

        assertThat(answer.header("set-cookie")).startsWith("__Host-wr-concert=").endsWith("Max-Age=590");
    }

    @Test
    void visitorPassesWhileRedisDoesNotRenewTheSession() {
        assertThat(usedWhileRedisAnswers(new CompletableFuture<>()).headers()).isEmpty();
    }

    @Test
    void cookieIsAddedToThoseOfTheService() {
        protect(PathRules.ALL, BypassRules.NOBODY);
        AttributeContext.HttpRequest request = AttributeContext.HttpRequest.newBuilder()
                .setMethod("GET")
                .setPath("/")
                .putAllHeaders(visitor("cookie", session(Duration.ofMinutes(15))))
                .build();

        CheckResponse response = grpc.check(request);

        assertThat(response.getOkResponse().getResponseHeadersToAddList())
                .extracting(option -> option.getAppendAction().name())
                .containsExactly("APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT");
        assertThat(response.getOkResponse().getHeadersList()).isEmpty();
    }

    /** With {@code encode_raw_headers}. */
    @Test
    void headersMayComeAsAList() {
        HeaderMap.Builder raw = HeaderMap.newBuilder();
        visitor("cookie", session())
                .forEach((name, value) -> raw.addHeaders(
                        HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value))));
        raw.addHeaders(HeaderValue.newBuilder().setKey(":method").setRawValue(ByteString.copyFromUtf8("POST")));
        AttributeContext.HttpRequest request = AttributeContext.HttpRequest.newBuilder()
                .setMethod("POST")
                .setPath("/cart")
                .setHeaderMap(raw)
                .build();

        assertThat(grpc.check(request).hasOkResponse()).isTrue();
    }

    /** Some configurations leave X-Forwarded-Proto out. */
    @Test
    void schemeIsThatOfTheRequestIfNoHeaderNamesIt() {
        AttributeContext.HttpRequest.Builder request = AttributeContext.HttpRequest.newBuilder()
                .setMethod("POST")
                .setPath("/cart")
                .putHeaders("cookie", session());

        assertThat(grpc.check(request.setScheme("https").build()).hasOkResponse())
                .isTrue();
        assertThat(grpc.check(request.setScheme("http").build()).hasOkResponse())
                .isFalse();
    }

    @Test
    void untrustedPeerSaysNothingOfTheVisitor() {
        try (TestGateway direct = TestGateway.withoutProxies();
                EnvoyOverGrpc envoy = new EnvoyOverGrpc(direct.grpcPort())) {
            direct.registry.add(EVENT).site = site(
                    PathRules.ALL,
                    new BypassRules(List.of(), List.of(IpRange.parse("198.51.100.0/24")), Optional.empty()),
                    Duration.ZERO);

            assertRefused(envoy.ask("POST", "/a", visitor("x-forwarded-for", "198.51.100.7")), "/waiting/concert");
            assertRefused(envoy.ask("POST", "/a", visitor("cookie", session())), "/waiting/concert");
        }
    }

    @Test
    void envoyThatNamesNoRoomLetsNobodyIn() {
        EnvoyConfig config = EnvoyConfig.ofGrpc();
        for (Map<String, String> room : List.of(Map.<String, String>of(), Map.of("room", "a/b"))) {
            try (EnvoyOverGrpc envoy = new EnvoyOverGrpc(gateway.grpcPort(), new EnvoyConfig(config.filter(), room))) {
                assertRefused(envoy.ask("POST", "/cart", visitor("cookie", session())), "/waiting/-");
            }
        }
    }

    /** Envoy takes an error for a failure of the check, and may then let everyone in. */
    @Test
    void failureOfTheGatewayLetsNobodyIn() {
        room.fails = true;

        Envoy.Ruling ruling = grpc.ask("POST", "/cart", visitor("cookie", session()));

        assertThat(ruling.failed()).isFalse();
        assertThat(ruling.passes()).isFalse();
        assertThat(ruling.answer().status()).isEqualTo(500);
        assertThat(ruling.answer().text("code")).isEqualTo("INTERNAL");
    }

    @Test
    void largeHeadsAreRead() {
        Envoy.Ruling ruling = grpc.ask("POST", "/" + "a".repeat(60 * 1024), visitor("cookie", session()));

        assertThat(ruling.passes()).isTrue();
    }

    @Test
    void tooLargeAMessageIsRefused() {
        AttributeContext.HttpRequest request = AttributeContext.HttpRequest.newBuilder()
                .setMethod("POST")
                .setPath("/cart")
                .setBody("a".repeat(300 * 1024))
                .build();

        assertThatThrownBy(() -> grpc.check(request))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("RESOURCE_EXHAUSTED");
        assertThat(grpc.ask("POST", "/cart", visitor("cookie", session())).passes())
                .isTrue();
    }

    @Test
    void checksAreCounted() {
        grpc.ask("POST", "/cart", visitor("cookie", session()));
        grpc.ask("GET", "/cart", visitor("accept", BROWSER));

        assertThat(gateway.admin("/metrics").body())
                .contains("waitingroom_calls_total{call=\"verify\",event_id=\"concert\",outcome=\"admitted\"} 1.0")
                .contains("waitingroom_calls_total{call=\"verify\",event_id=\"concert\",outcome=\"waits\"} 1.0")
                .contains("http_server_request_duration_seconds_count{method=\"POST\","
                        + "route=\"/envoy.service.auth.v3.Authorization/Check\",status=\"2xx\"} 1")
                .contains("http_server_request_duration_seconds_count{method=\"GET\","
                        + "route=\"/envoy.service.auth.v3.Authorization/Check\",status=\"3xx\"} 1");
    }

    @Test
    void documentedConfigurationFailsClosedAndSetsATimeout() {
        for (EnvoyConfig config : List.of(EnvoyConfig.ofHttp(), EnvoyConfig.ofGrpc())) {
            assertThat(config.filter().getFailureModeAllow()).isFalse();
            assertThat(config.filter().hasWithRequestBody()).isFalse();
        }
        assertThat(EnvoyConfig.ofHttp().filter().getHttpService().getServerUri().hasTimeout())
                .isTrue();
        assertThat(EnvoyConfig.ofGrpc().filter().getGrpcService().hasTimeout()).isTrue();
        assertThat(EnvoyConfig.ofGrpc().room()).containsOnly(Map.entry(CheckRequests.ROOM, EVENT));
        assertThat(EnvoyConfig.bootstrap().getStaticResources().getClustersList())
                .extracting(cluster -> cluster.getName())
                .contains(EnvoyConfig.ofGrpc()
                        .filter()
                        .getGrpcService()
                        .getEnvoyGrpc()
                        .getClusterName());
    }

    // --- the visitor and the room ---

    /** What the visitor's browser sent, and what Envoy adds to it. The visitor came over https. */
    private static Map<String, String> visitor(String... headers) {
        Map<String, String> all = new TreeMap<>();
        all.put("host", "shop.example");
        all.put("x-forwarded-for", "203.0.113.9");
        all.put("x-forwarded-proto", "https");
        all.put("user-agent", "test");
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return all;
    }

    private String session() {
        return session(LASTS);
    }

    private String session(Duration lasts) {
        return gateway.secureSession(EVENT, lasts);
    }

    private String plainSession() {
        return gateway.session(EVENT, EVENT, FakeRoom.INCARNATION, LASTS);
    }

    private String reservation() {
        return gateway.post("/api/v1/queue/admit?token=" + gateway.token(EVENT), "")
                .text("reservation_token");
    }

    private void protect(PathRules paths, BypassRules bypass) {
        room.site = site(paths, bypass, Duration.ZERO);
    }

    private void unavailable(Duration silence) {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ofSeconds(60));
        gateway.registry.silence = silence;
    }

    private static SiteSettings site(PathRules paths, BypassRules bypass, Duration admitUnavailable) {
        return new SiteSettings(
                Optional.of(new Protection(Optional.empty(), List.of(), paths, bypass, Protection.DEFAULT.limits())),
                admitUnavailable,
                new SessionRules(LASTS, true),
                PageSettings.DEFAULT);
    }
}
