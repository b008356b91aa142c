package dev.waitingroom.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingRoomFilterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration TTL = Duration.ofMinutes(2);
    private static final KeyTimes TIMES =
            new KeyTimes(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofMillis(50), Duration.ofMillis(50));
    private static final KeyTimes RARELY =
            new KeyTimes(Duration.ofMinutes(9), Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(5));

    private final ECKey key = FakeGateway.key("r1");
    private final FakeGateway gateway = new FakeGateway(key);
    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = shop("/", TIMES, Map.of("exclude", "/free/*"));
    }

    @AfterEach
    void close() {
        shop.close();
        gateway.close();
    }

    @Test
    void reservationOfTheRoomLetsIn() {
        HttpResponse<String> answer = shop.with(gateway.reservation("concert", NOW, TTL), "/cart");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("sold");
    }

    @Test
    void programWithoutReservationIsToldWhereToJoin() {
        HttpResponse<String> answer = shop.send("POST", "/cart");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body())
                .contains("\"type\":\"urn:waitingroom:problem:waiting-room-required\"")
                .contains("\"code\":\"WAITING_ROOM_REQUIRED\"")
                .contains("\"event_id\":\"concert\"")
                .contains("\"join_url\":\"/api/v1/queue/join\"")
                .contains("\"page_url\":\"/waiting/concert\"");
    }

    @Test
    void browserGoesToThePageAndComesBackByTheEntry() {
        HttpResponse<String> answer = shop.browse("/cart?seat=1&row=%C3%A9");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .contains("/waiting/concert?return=%2Fwaitingroom-enter%2Fconcert%3Freturn%3D"
                        + "%252Fcart%253Fseat%253D1%2526row%253D%2525C3%2525A9");
    }

    @Test
    void scriptOfAPageIsAProgram() {
        assertThat(shop.send("GET", "/cart", "Accept", "text/html", "Sec-Fetch-Mode", "cors")
                        .statusCode())
                .isEqualTo(429);
        assertThat(shop.send("POST", "/cart", "Accept", "text/html").statusCode())
                .isEqualTo(429);
    }

    @Test
    void pathOfTheContextIsPartOfTheReturn() throws Exception {
        try (Shop below = shop("/shop", TIMES, Map.of())) {
            assertThat(below.browse("/shop/cart").headers().firstValue("Location"))
                    .contains(
                            "/waiting/concert?return=%2Fshop%2Fwaitingroom-enter%2Fconcert%3Freturn%3D%252Fshop%252Fcart");
            assertThat(below.browse("/shop/waitingroom-enter/concert").statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shop/default, concert, 0, 200",
        "shop/default, other, 0, 429", // of another room
        "other/default, concert, 0, 429", // of another gateway
        "shop/default, concert, -119, 200",
        "shop/default, concert, -120, 429", // expired now, without leeway
        "shop/default, concert, 60, 200", // issued 30 s from now, within the leeway
        "shop/default, concert, 61, 429"
    })
    void issuerRoomAndTimeMustFit(String issuer, String room, int grantedAfterSeconds, int status) {
        String token =
                FakeGateway.reservation(issuer, room, NOW.plusSeconds(grantedAfterSeconds), TTL, FakeGateway.keys(key));

        assertThat(shop.with(token, "/cart").statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"30, 200", "31, 429"})
    void notBeforeHasTheSameLeeway(int afterSeconds, int status) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder(claims())
                .notBeforeTime(Date.from(NOW.plusSeconds(afterSeconds)))
                .build();

        assertThat(shop.with(signed(claims, key), "/cart").statusCode()).isEqualTo(status);
    }

    @Test
    void reservationWithoutExpiryIsRefused() throws Exception {
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder(claims()).expirationTime(null).build();

        assertThat(shop.with(signed(claims, key), "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void unsignedTokenIsRefused() {
        assertThat(shop.with(new PlainJWT(claims()).serialize(), "/cart").statusCode())
                .isEqualTo(429);
    }

    /** The public key is no secret, so that it must not count as one. */
    @Test
    void publicKeyAsASecretIsRefused() throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1").build(), claims());
        jwt.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));

        assertThat(shop.with(jwt.serialize(), "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void foreignKeyOfTheSameIdIsRefused() {
        String token = FakeGateway.reservation(
                FakeGateway.ISSUER, "concert", NOW, TTL, FakeGateway.keys(FakeGateway.key("r1")));

        assertThat(shop.with(token, "/cart").statusCode()).isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({"x", "a.b.c", "''"})
    void whatIsNotATokenIsRefused(String token) {
        assertThat(shop.with(token, "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void newKeyIsFetchedWhenItIsNamedAndTheOldOneStaysValid() {
        String old = gateway.reservation("concert", NOW, TTL);
        gateway.serve(FakeGateway.key("r2"), key);
        String recent = gateway.reservation("concert", NOW, TTL);

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(shop.with(recent, "/cart").statusCode()).isEqualTo(200));
        assertThat(shop.with(old, "/cart").statusCode()).isEqualTo(200);
    }

    @Test
    void keyThatTheGatewayDroppedIsRefused() {
        String old = gateway.reservation("concert", NOW, TTL);
        gateway.serve(FakeGateway.key("r2"));
        String recent = gateway.reservation("concert", NOW, TTL);

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(shop.with(recent, "/cart").statusCode()).isEqualTo(200));
        assertThat(shop.with(old, "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void keysAreKeptWhileTheGatewayIsDown() {
        String known = gateway.reservation("concert", NOW, TTL);
        gateway.down(true);
        gateway.serve(FakeGateway.key("r2"));
        int before = gateway.fetches.get();

        assertThat(shop.with(gateway.reservation("concert", NOW, TTL), "/cart").statusCode())
                .isEqualTo(429);
        assertThat(gateway.fetches.get()).isGreaterThan(before);
        assertThat(shop.with(known, "/cart").statusCode()).isEqualTo(200);
    }

    @Test
    void unknownKeysCauseFewFetches() throws Exception {
        try (Shop rarely = shop("/", RARELY, Map.of())) {
            int before = gateway.fetches.get();
            for (int i = 0; i < 20; i++) {
                String token = FakeGateway.reservation(
                        FakeGateway.ISSUER, "concert", NOW, TTL, FakeGateway.keys(FakeGateway.key("x" + i)));
                assertThat(rarely.with(token, "/cart").statusCode()).isEqualTo(429);
            }
            assertThat(gateway.fetches.get() - before).isLessThanOrEqualTo(2);
            assertThat(rarely.with(gateway.reservation("concert", NOW, TTL), "/cart")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void tokenOfAnotherIssuerCausesNoFetch() {
        int before = gateway.fetches.get();
        String token =
                FakeGateway.reservation("shop/login", "concert", NOW, TTL, FakeGateway.keys(FakeGateway.key("x")));

        assertThat(shop.with(token, "/cart").statusCode()).isEqualTo(429);
        assertThat(gateway.fetches.get()).isEqualTo(before);
    }

    @Test
    void withoutKeysNobodyEntersUntilTheGatewayAnswers() throws Exception {
        gateway.down(true);
        String token = gateway.reservation("concert", NOW, TTL);
        try (Shop early = shop("/", TIMES, Map.of())) {
            HttpResponse<String> answer = early.with(token, "/cart");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("5");
            assertThat(early.send("POST", "/cart").statusCode()).isEqualTo(429);

            gateway.down(false);

            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(early.with(token, "/cart").statusCode()).isEqualTo(200));
        }
    }

    @Test
    void entryTurnsAReservationIntoACookieThatLetsIn() {
        HttpResponse<String> presented =
                shop.with(gateway.reservation("concert", NOW, TTL), "/waitingroom-enter/concert");

        assertThat(presented.statusCode()).isEqualTo(204);
        String cookie = presented.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .startsWith("reservation-concert=ey")
                .contains("Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=120");
        assertThat(shop.browse("/cart", cookie.substring(0, cookie.indexOf(';')))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void entryRefusesWhatIsNotAReservation() {
        HttpResponse<String> presented = shop.with("x", "/waitingroom-enter/concert");

        assertThat(presented.statusCode()).isEqualTo(429);
        assertThat(presented.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(shop.send("PUT", "/waitingroom-enter/concert").statusCode()).isEqualTo(405);
    }

    @Test
    void entryServesItsPageAndScript() {
        HttpResponse<String> page = shop.browse("/waitingroom-enter/concert");

        assertThat(page.body()).contains("<script src=\"concert/enter.js\" defer>");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(shop.browse("/waitingroom-enter/concert/enter.js").body()).contains("/api/v1/queue/admit");
        assertThat(shop.browse("/waitingroom-enter/other").statusCode()).isEqualTo(303);
    }

    @Test
    void loginOfTheShopDoesNotHideTheCookie() {
        String token = gateway.reservation("concert", NOW, TTL);

        assertThat(shop.send("POST", "/cart", "Authorization", "Bearer login", "Cookie", "reservation-concert=" + token)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void preflightPassesAndAnotherOptionsDoesNot() {
        assertThat(shop.send("OPTIONS", "/cart", "Origin", "https://a.example", "Access-Control-Request-Method", "POST")
                        .statusCode())
                .isEqualTo(200);
        assertThat(shop.send("OPTIONS", "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void excludedPathIsFree() {
        assertThat(shop.browse("/free/help").body()).isEqualTo("sold");
    }

    @ParameterizedTest
    @CsvSource({
        "/free/../cart",
        "/free/%2e%2e/cart",
        "/free/..;/cart",
        "/free/%2e%2e;a=b/cart",
        "/free/..%2fcart",
        "/free//..//cart",
        "/free\\..\\cart",
        "/free/%5c../cart",
        "/free/%252e%252e/cart",
        "//free/cart"
    })
    void noPathLeadsAroundTheFilter(String target) {
        assertThat(shop.raw(target)).doesNotContain("sold");
    }

    @ParameterizedTest
    @CsvSource({"/cart?a=%0d%0aSet-Cookie:x=1", "/cart%0d%0aSet-Cookie:x=1", "//evil.example/cart"})
    void targetSplitsNoHeaderAndLeadsToNoOtherHost(String target) {
        String answer = shop.raw(target);

        assertThat(answer.lines()).noneMatch(line -> line.startsWith("Set-Cookie"));
        assertThat(answer.lines().filter(line -> line.startsWith("Location:")))
                .allMatch(
                        line -> line.startsWith("Location: /waiting/concert?return=%2Fwaitingroom-enter%2Fconcert%3F"))
                .noneMatch(line -> line.contains("return%3D%252F%252F"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway | ''             | it is missing: name the URL of the gateway",
                "gateway | default        | is not an http or https URL",
                "gateway | ftp://a        | is not an http or https URL",
                "gateway | http://a b     | is not an http or https URL",
                "issuer  | ''             | it is missing: name the gateway as namespace/name",
                "room    | ''             | it is missing: name the event id",
                "room    | a/b            | is not an event id",
                "include | cart           | is not a pattern: write /cart",
                "exclude | /a/*/b         | is not a pattern",
                "exclude | /a/../b        | is not a pattern",
                "includes| /cart          | it is unknown: use one of [gateway, issuer, room, include, exclude]"
            })
    void wrongParameterIsNamedWithItsFix(String name, String value, String message) {
        assertThatThrownBy(() -> shop("/", TIMES, Map.of(name, value)).close())
                .hasMessageContaining("init parameter " + name + ": ")
                .hasMessageContaining(message);
    }

    private Shop shop(String context, KeyTimes times, Map<String, String> more) throws Exception {
        Map<String, String> parameters =
                new HashMap<>(Map.of("gateway", gateway.url(), "issuer", FakeGateway.ISSUER, "room", "concert"));
        parameters.putAll(more);
        return new Shop(context, new WaitingRoomFilter(null, times, InstantSource.fixed(NOW)), parameters);
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .issuer(FakeGateway.ISSUER)
                .audience("concert")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plus(TTL)))
                .build();
    }

    private static String signed(JWTClaimsSet claims, ECKey by) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(by.getKeyID()).build(), claims);
        jwt.sign(new ECDSASigner(by));
        return jwt.serialize();
    }
}
