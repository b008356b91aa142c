package dev.waitingroom.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.upstream.Shop.Seen;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.BypassRules.SecretHeader;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.queue.site.LinkKey;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PathRule;
import dev.waitingroom.queue.site.PathRules;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.site.SiteSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
    private static final String EVENT = "evt";
    private static final String BROWSER = "text/html,application/xhtml+xml";
    private static final SessionRules RENEWED = new SessionRules(Duration.ofSeconds(600), true);
    private static final long MAX_BODY = 200L << 20;

    private final TestGateway gateway = new TestGateway();
    private final Shop shop = new Shop();
    private final FakeRoom room = gateway.registry.add(EVENT);

    @BeforeEach
    void protect() {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ZERO, RENEWED);
    }

    @AfterEach
    void close() {
        gateway.close();
        shop.close();
    }

    private SiteSettings site(PathRules paths, BypassRules bypass, Duration admitUnavailable, SessionRules session) {
        return site(shop.port(), Duration.ofSeconds(30), paths, bypass, admitUnavailable, session);
    }

    private static SiteSettings site(
            int port,
            Duration response,
            PathRules paths,
            BypassRules bypass,
            Duration admitUnavailable,
            SessionRules session) {
        return new SiteSettings(
                Optional.of(new Protection(
                        Optional.of(new Protection.Service("127.0.0.1", port)),
                        List.of(),
                        paths,
                        bypass,
                        new UpstreamLimits(Duration.ofSeconds(2), response, MAX_BODY))),
                admitUnavailable,
                session,
                PageSettings.DEFAULT);
    }

    /** The value of a fresh cookie over plain http. */
    private String session() {
        return session(EVENT, FakeRoom.INCARNATION, 600);
    }

    private String session(String event, long incarnation, long seconds) {
        return gateway.session(EVENT, event, incarnation, Duration.ofSeconds(seconds));
    }

    private Seen last() {
        return shop.seen.getLast();
    }

    // --- who enters ---

    @Test
    void browserWithoutAdmissionIsSentToThePage() {
        Answer answer = gateway.get("/seats?row=3&x=a%20b", "Accept", BROWSER);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/waiting/evt?return=%2Fseats%3Frow%3D3%26x%3Da%2520b");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void programWithoutAdmissionIsToldWhereToJoin() {
        Answer answer = gateway.post("/api/cart", "{}");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("code")).isEqualTo("WAITING_ROOM_REQUIRED");
        assertThat(answer.text("join_url")).isEqualTo("/api/v1/queue/join");
        assertThat(answer.text("page_url")).isEqualTo("/waiting/evt");
        assertThat(answer.number("status")).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void openRedirectIsNotPossibleThroughThePath() {
        Answer answer = Answer.parse(
                "GET",
                "//evil.example/",
                gateway.raw("GET //evil.example/ HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8)));

        assertThat(answer.header("Location")).isEqualTo("/waiting/evt?return=%2F");
    }

    @Test
    void admittedVisitorReachesTheShop() {
        Answer answer = gateway.get("/seats?row=3", "Cookie", "sid=9; " + session() + "; wrt-evt=token");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("shop /seats?row=3");
        assertThat(answer.all("Set-Cookie")).containsExactly("sid=1");
        assertThat(last().header("Cookie")).isEqualTo("sid=9");
    }

    @Test
    void rootIsTheShopsOwn() {
        assertThat(gateway.get("/", "Cookie", session()).body()).isEqualTo("shop /");
        assertThat(gateway.get("/version").body()).contains("1.2.3");
    }

    @Test
    void sessionOfAnotherRoomOrIncarnationAdmitsNobody() {
        for (String cookie : List.of(
                session("other", FakeRoom.INCARNATION, 600),
                session(EVENT, FakeRoom.INCARNATION + 1, 600),
                session(EVENT, FakeRoom.INCARNATION, 0),
                session() + "x",
                "wr-evt=",
                "__Host-" + session())) {
            assertThat(gateway.get("/", "Cookie", cookie).status()).as(cookie).isEqualTo(429);
        }
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void pathsThatAreNotIncludedAreOpen() {
        room.site = site(
                new PathRules(List.of(new PathRule.Prefix("/cart")), List.of()),
                BypassRules.NOBODY,
                Duration.ZERO,
                RENEWED);

        assertThat(gateway.get("/about").status()).isEqualTo(200);
        assertThat(gateway.get("/cart").status()).isEqualTo(429);
        assertThat(gateway.get("/%63art").status()).isEqualTo(429);
        assertThat(gateway.rawGet("/about/../cart").status()).isEqualTo(429);
        assertThat(gateway.rawGet("//cart").status()).isEqualTo(429);
    }

    @Test
    void bypassLetsKnownRequestsIn() {
        room.site = site(
                PathRules.ALL,
                new BypassRules(
                        List.of(new SecretHeader("x-probe", "secret-1")),
                        List.of(IpRange.parse("198.51.100.0/24")),
                        Optional.empty()),
                Duration.ZERO,
                RENEWED);

        assertThat(gateway.get("/a", "X-Probe", "secret-1").status()).isEqualTo(200);
        assertThat(last().header("x-probe")).isEmpty();
        assertThat(gateway.get("/a", "X-Probe", "secret-2").status()).isEqualTo(429);
        assertThat(gateway.get("/a", "X-Forwarded-For", "198.51.100.7").status())
                .isEqualTo(200);
        assertThat(gateway.get("/a", "X-Forwarded-For", "198.51.101.7").status())
                .isEqualTo(429);
    }

    private static final LinkKey LINKS =
            LinkKey.derive("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8));

    private void acceptLinks() {
        room.site =
                site(PathRules.ALL, new BypassRules(List.of(), List.of(), Optional.of(LINKS)), Duration.ZERO, RENEWED);
    }

    private static String pass(String event, long seconds) {
        return "wr_pass=" + LINKS.pass(event, FakeRoom.NOW.plusSeconds(seconds));
    }

    @Test
    void signedLinkLetsInAndIsTakenOutOfTheAddress() {
        acceptLinks();

        Answer answer = gateway.get("/seats?row=3&" + pass(EVENT, 60) + "&x=a%20b", "Accept", BROWSER);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/seats?row=3&x=a%20b");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(shop.seen).isEmpty();
        String cookie = answer.all("Set-Cookie").getFirst();
        assertThat(cookie).startsWith("wr-evt=").endsWith("; HttpOnly; SameSite=Lax; Max-Age=600");
        assertThat(gateway.get("/seats", "Cookie", cookie.substring(0, cookie.indexOf(';')))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void expiredLinkIsExplainedToPeopleAndPrograms() {
        acceptLinks();

        Answer browser = gateway.get("/seats?row=3&x=1&" + pass(EVENT, 0), "Accept", BROWSER);
        Answer program = gateway.get("/seats?" + pass(EVENT, 0));

        assertThat(browser.status()).isEqualTo(403);
        assertThat(browser.body())
                .contains("<h1>This link has expired</h1>")
                .contains("<a href=\"/seats?row=3&amp;x=1\">");
        assertThat(browser.all("Set-Cookie")).isEmpty();
        assertThat(program.status()).isEqualTo(403);
        assertThat(program.text("code")).isEqualTo("LINK_EXPIRED");
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void linkThatWasMadeUpLetsNobodyIn() {
        acceptLinks();

        for (String pass : List.of(pass("other", 60), pass(EVENT, 60) + "x", "wr_pass=", "wr_pass=9999999999.AAAA")) {
            Answer answer = gateway.get("/seats?" + pass);
            assertThat(answer.text("code")).as(pass).isEqualTo("LINK_INVALID");
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void linkLeadsToNoOtherHostAndIntoNoMarkup() {
        acceptLinks();

        Answer away = Answer.parse(
                "GET",
                "//evil.example/",
                gateway.raw(
                        ("GET //evil.example/?" + pass(EVENT, 60) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8)));
        Answer markup = gateway.get("/%22%3E%3Cb%3E?a=%22&wr_pass=x", "Accept", BROWSER);

        assertThat(away.header("Location")).isEqualTo("/");
        assertThat(markup.body()).contains("<a href=\"/%22%3E%3Cb%3E?a=%22\">");
    }

    @Test
    void passIsTheShopsOwnWhereTheRoomAcceptsNoLinks() {
        assertThat(gateway.get("/a?" + pass(EVENT, 60)).status()).isEqualTo(429);
        assertThat(gateway.get("/a?wr_pass=1", "Cookie", session()).body()).isEqualTo("shop /a?wr_pass=1");
    }

    @Test
    void preflightPassesWithoutASession() {
        Answer answer = gateway.send(
                "OPTIONS", "/api", "", "Origin", "https://other.example", "Access-Control-Request-Method", "PUT");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(last().method()).isEqualTo("OPTIONS");
    }

    @Test
    void everyoneEntersForTheStatedTimeWhileRedisIsUnavailable() {
        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ofSeconds(60), RENEWED);

        gateway.registry.silence = Duration.ofSeconds(1);
        assertThat(gateway.get("/a").status()).isEqualTo(429);
        gateway.registry.silence = Duration.ofSeconds(30);
        assertThat(gateway.get("/a").status()).isEqualTo(200);
        gateway.registry.silence = Duration.ofSeconds(63);
        assertThat(gateway.get("/a").status()).isEqualTo(429);

        room.site = site(PathRules.ALL, BypassRules.NOBODY, Duration.ZERO, RENEWED);
        gateway.registry.silence = Duration.ofSeconds(30);
        assertThat(gateway.get("/a").status()).isEqualTo(429);
        assertThat(gateway.get("/a", "Cookie", session()).status()).isEqualTo(200);
    }

    // --- sessions ---

    @Test
    void usedSessionIsRenewed() {
        String old = session(EVENT, FakeRoom.INCARNATION, 300);

        Answer answer = gateway.get("/a", "Cookie", old);

        assertThat(answer.all("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("wr-evt=") && cookie.endsWith("Max-Age=600"));
        assertThat(answer.header("Cache-Control")).isEqualTo("private");
    }

    @Test
    void answerForSharedCachesCarriesNoSession() {
        Answer answer = gateway.get("/public", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));

        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=60");
    }

    @Test
    void sessionIsNotRenewedWhereTheRoomSaysSo() {
        room.site = site(
                PathRules.ALL, BypassRules.NOBODY, Duration.ZERO, new SessionRules(Duration.ofSeconds(600), false));

        assertThat(gateway.get("/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300))
                        .all("Set-Cookie"))
                .containsExactly("sid=1");
    }

    @Test
    void shopRevokesASession() {
        Answer answer = gateway.get("/revoke", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));

        assertThat(answer.body()).isEqualTo("bye");
        assertThat(answer.header("Waiting-Room-Command")).isEmpty();
        assertThat(answer.all("Set-Cookie"))
                .containsExactly(
                        "wr-evt=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
                        "wrt-evt=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    // --- sessions of a room that limits them ---

    private void limitSessions() {
        room.policy =
                room.policy.map(policy -> policy.withCap(Optional.of(new SessionCap(500, Duration.ofSeconds(600)))));
    }

    @Test
    void usedSessionLastsAsLongAsRedisKeepsItsPlace() {
        limitSessions();
        room.sessions = FakeRoom.done(new SessionOutcome.Active(FakeRoom.NOW.plusSeconds(590)));

        Answer answer = gateway.get("/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));

        assertThat(answer.all("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("wr-evt=") && cookie.endsWith("Max-Age=590"));
        assertThat(room.renewed).containsExactly(FakeRoom.ticket(EVENT).number());
    }

    @Test
    void sessionIsNotRenewedWithoutRedis() {
        limitSessions();
        room.sessions = new CompletableFuture<>();

        Answer answer = gateway.get("/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.all("Set-Cookie")).containsExactly("sid=1");
    }

    @Test
    void freshSessionAsksRedisNothing() {
        limitSessions();

        gateway.get("/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 600));

        assertThat(room.renewed).isEmpty();
    }

    @Test
    void revokedSessionFreesItsPlace() {
        limitSessions();

        gateway.get("/revoke", "Cookie", session(EVENT, FakeRoom.INCARNATION, 600));

        assertThat(room.ended).containsExactly(FakeRoom.ticket(EVENT).number());
    }

    @Test
    void copyOfAnEndedSessionAdmitsNobody() {
        limitSessions();
        room.endedSessions.add(FakeRoom.ticket(EVENT).number());

        assertThat(gateway.get("/a", "Cookie", session()).status()).isEqualTo(429);
    }

    @Test
    void roomWithoutALimitAsksRedisForNoSession() {
        gateway.get("/a", "Cookie", session(EVENT, FakeRoom.INCARNATION, 300));
        gateway.get("/revoke", "Cookie", session());

        assertThat(room.renewed).isEmpty();
        assertThat(room.ended).isEmpty();
    }

    // --- what the shop sees ---

    @Test
    void shopSeesTheClientAsTheTrustedProxySaysIt() {
        gateway.get(
                "/a",
                "Cookie",
                session().replace("wr-evt", "__Host-wr-evt"),
                "X-Forwarded-For",
                "198.51.100.7",
                "X-Forwarded-Proto",
                "https",
                "Waiting-Room-Command",
                "x");

        assertThat(last().header("X-Forwarded-For")).isEqualTo("198.51.100.7, 127.0.0.1");
        assertThat(last().header("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(last().header("X-Forwarded-Host")).startsWith("127.0.0.1:");
        assertThat(last().header("Forwarded"))
                .contains("for=127.0.0.1;host=\"127.0.0.1:")
                .endsWith(";proto=https");
        assertThat(last().header("Host")).startsWith("127.0.0.1:").doesNotEndWith(":" + shop.port());
        assertThat(last().headers()).doesNotContainKeys("waiting-room-command", "cookie");
    }

    /** As where a proxy in front passes Connection on. */
    @Test
    void clientCannotHideBehindConnectionOptions() {
        gateway.rawAndNoMore("GET /a HTTP/1.1\r\nHost: x\r\nCookie: " + session()
                + "\r\nConnection: close, X-Forwarded-For\r\nX-Forwarded-For: 198.51.100.7\r\n"
                + "Waiting-Room-Connection: Host\r\n\r\n");

        assertThat(last().header("X-Forwarded-For")).isEqualTo("198.51.100.7, 127.0.0.1");
        assertThat(last().header("Host")).isEqualTo("x");
    }

    @Test
    void answersOfTheShopPassAsTheyAre() {
        Answer answer = gateway.send("PATCH", "/missing", "{}", "Cookie", session(), "Origin", TestGateway.ORIGIN);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("no such thing");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(last().method()).isEqualTo("PATCH");
    }

    // --- large, slow and long ---

    @Test
    void largeBodiesPassInBothDirections() throws IOException {
        long bytes = 100L << 20;
        try (Socket socket = gateway.connect()) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /upload HTTP/1.1\r\nHost: x\r\nCookie: " + session() + "\r\nContent-Length: " + bytes
                            + "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            byte[] chunk = new byte[1 << 20];
            for (long sent = 0; sent < bytes; sent += chunk.length) {
                out.write(chunk);
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 100 Continue").endsWith("got " + bytes);
        }
        assertThat(downloaded(1_600, 0)).isEqualTo(1_600L * Shop.CHUNK);
    }

    /** Reads nothing before the gateway had the chance to read all. Its memory bounds what it can have taken. */
    @Test
    void slowReaderFillsNoMemory() throws Exception {
        int chunks = 4_000; // 250 MB
        long before = used();
        try (Socket socket = gateway.connect()) {
            socket.setReceiveBufferSize(64 * 1024);
            request(socket, "GET /download?chunks=" + chunks + " HTTP/1.1");
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(used() - before).isLessThan(100L << 20);
            assertThat(drain(socket)).isGreaterThan((long) chunks * Shop.CHUNK);
        }
    }

    private static long used() {
        return io.netty.buffer.ByteBufAllocator.DEFAULT instanceof io.netty.buffer.ByteBufAllocatorMetricProvider pools
                ? pools.metric().usedDirectMemory() + pools.metric().usedHeapMemory()
                : 0;
    }

    private void request(Socket socket, String line) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write((line + "\r\nHost: x\r\nCookie: " + session() + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static long drain(Socket socket) throws IOException {
        long all = 0;
        byte[] buffer = new byte[1 << 16];
        InputStream in = socket.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            all += read;
        }
        return all;
    }

    private long downloaded(int chunks, int version) throws IOException {
        try (Socket socket = gateway.connect()) {
            request(socket, "GET /download?chunks=" + chunks + " HTTP/1." + version);
            String head = head(socket.getInputStream());
            assertThat(head).startsWith("HTTP/1." + version + " 200");
            return drain(socket);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void eventsOfTheShopPassAtOnce() throws IOException {
        try (Socket socket = gateway.connect()) {
            request(socket, "GET /events HTTP/1.1");
            assertThat(head(socket.getInputStream())).containsIgnoringCase("text/event-stream");
            byte[] event = socket.getInputStream().readNBytes("b\r\ndata: one\n\n".length());
            assertThat(new String(event, StandardCharsets.UTF_8)).endsWith("data: one\n\n");
        }
    }

    @Test
    void webSocketEchoes() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        HttpClient client = HttpClient.newHttpClient();
        try {
            WebSocket socket = client.newWebSocketBuilder()
                    .header("Cookie", session())
                    .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/socket"), new WebSocket.Listener() {
                        private final StringBuilder text = new StringBuilder();

                        @Override
                        public @Nullable CompletionStage<?> onText(
                                WebSocket webSocket, CharSequence data, boolean last) {
                            text.append(data);
                            if (last) {
                                heard.add(text.toString());
                                text.setLength(0);
                            }
                            webSocket.request(1);
                            return null;
                        }

                        @Override
                        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
                            heard.add("closed");
                            return null;
                        }
                    })
                    .join();
            socket.sendText("hello", true).join();
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
            String large = "x".repeat(1 << 20);
            socket.sendText(large, true).join();
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(large);
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed");
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void webSocketWithoutAdmissionIsRefused() {
        String head = String.join(
                "\r\n",
                "GET /socket HTTP/1.1",
                "Host: x",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                "");

        String answer = gateway.raw(head.getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 429");
    }

    // --- failures ---

    @Test
    void shopThatIsDownIs502() {
        shop.stop();

        Answer program = gateway.get("/a", "Cookie", session());
        Answer browser = gateway.get("/a", "Cookie", session(), "Accept", BROWSER);

        assertThat(program.status()).isEqualTo(502);
        assertThat(program.text("code")).isEqualTo("UPSTREAM_UNREACHABLE");
        assertThat(browser.status()).isEqualTo(502);
        assertThat(browser.header("Content-Type")).startsWith("text/html");
        assertThat(browser.body()).contains("<h1>The service cannot be reached</h1>");
    }

    @Test
    void shopThatIsSilentIs504() {
        room.site =
                site(shop.port(), Duration.ofMillis(300), PathRules.ALL, BypassRules.NOBODY, Duration.ZERO, RENEWED);

        Answer answer = gateway.get("/silent", "Cookie", session());

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text("code")).isEqualTo("UPSTREAM_TIMEOUT");
    }

    @Test
    void readIsRepeatedWhereTheShopClosedItsConnection() {
        assertThat(gateway.get("/flaky", "Cookie", session()).body()).isEqualTo("second time");
    }

    @Test
    void writeIsNotRepeated() {
        assertThat(gateway.post("/flaky", "{}", "Cookie", session()).status()).isEqualTo(502);
        assertThat(shop.seen).hasSize(1);
    }

    @Test
    void bodyThatIsTooLargeIsRefused() {
        String announced = gateway.rawAndNoMore("POST /upload HTTP/1.1\r\nHost: x\r\nCookie: " + session()
                + "\r\nContent-Length: " + (MAX_BODY + 1) + "\r\n\r\n");

        assertThat(announced).startsWith("HTTP/1.1 413");
        assertThat(shop.seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "Content-Length: +5\r\n\r\nhello",
                "Host: y\r\n\r\n"
            })
    void smuggledRequestNeverReachesTheShop(String rest) {
        String answer = gateway.raw(("POST /upload HTTP/1.1\r\nHost: x\r\nCookie: " + session() + "\r\n" + rest
                        + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 400");
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void absoluteTargetReachesTheShopAsAPath() {
        String answer = gateway.rawAndNoMore(
                "GET http://x/seats?a=1 HTTP/1.1\r\nHost: x\r\nCookie: " + session() + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).endsWith("shop /seats?a=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT"})
    void methodsThatReflectOrTunnelAreRefused(String method) {
        String target = method.equals("CONNECT") ? "x:80" : "/a";
        String answer = gateway.raw((method + " " + target + " HTTP/1.1\r\nHost: x:80\r\nCookie: " + session()
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));

        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(shop.seen).isEmpty();
    }

    @Test
    void oldClientGetsAWholeDownload() throws IOException {
        assertThat(downloaded(16, 0)).isEqualTo(16L * Shop.CHUNK);
    }
}
