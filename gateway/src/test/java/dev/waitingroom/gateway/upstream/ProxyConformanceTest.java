package dev.waitingroom.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.queue.site.BypassRules;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.PathRules;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.site.SiteSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows for proxied requests of docs/reference/http-conformance.md: what is sent, what the shop sees, and the answer. */
class ProxyConformanceTest {
    private static final Path TABLE = Path.of("../docs/reference/http-conformance.md");
    private static final String SECTION = "## Proxied requests";
    private static final Pattern ROW = Pattern.compile("^\\|.*\\| `([a-z0-9-]+)` \\|$", Pattern.MULTILINE);
    private static final String EVENT = "evt";

    private static TestGateway gateway;
    private static Shop shop;
    private static String cookie;

    @BeforeAll
    static void start() {
        gateway = new TestGateway();
        shop = new Shop();
        gateway.registry.add(EVENT).site = new SiteSettings(
                Optional.of(new Protection(
                        Optional.of(new Protection.Service("127.0.0.1", shop.port())),
                        List.of(),
                        PathRules.ALL,
                        BypassRules.NOBODY,
                        new UpstreamLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 1 << 20))),
                Duration.ZERO,
                new SessionRules(Duration.ofMinutes(10), false),
                PageSettings.DEFAULT);
        Session session = Session.of(FakeRoom.ticket(EVENT), FakeRoom.NOW);
        String set = gateway.sessions.renew(session, gateway.sessions.now().plus(Duration.ofMinutes(10)), false);
        cookie = "Cookie: " + set.substring(0, set.indexOf(';')) + "\r\n";
    }

    @AfterAll
    static void stop() {
        gateway.close();
        shop.close();
    }

    @BeforeEach
    void forget() {
        shop.seen.clear();
    }

    /**
     * @param id the id of the row in the table
     * @param requestLine and headers, without Cookie and the empty line
     * @param body sent after the head
     * @param seen headers that the shop must see; none if empty
     * @param status of the answer
     * @param fields of the answer; absent if empty
     * @param answer the body of the answer
     */
    record Row(
            String id,
            String requestLine,
            String body,
            Map<String, String> seen,
            int status,
            Map<String, String> fields,
            String answer) {
        Row(String id, String requestLine, Map<String, String> seen, String answer) {
            this(id, requestLine, "", seen, 200, Map.of(), answer);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static String get(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat);
    }

    private static String post(String... headers) {
        return get("/upload", headers).replaceFirst("GET", "POST");
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "connection-options",
                        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close, X-Hop, X-Forwarded-For\r\nX-Hop: 1\r\n",
                        Map.of("x-hop", "", "x-forwarded-for", "127.0.0.1"),
                        "shop /a"),
                new Row(
                        "hop-by-hop-fields",
                        get(
                                "/a",
                                "Keep-Alive: timeout=5",
                                "Proxy-Connection: keep-alive",
                                "TE: trailers",
                                "Upgrade: h2c"),
                        Map.of("keep-alive", "", "proxy-connection", "", "te", "", "upgrade", ""),
                        "shop /a"),
                new Row(
                        "hop-by-hop-fields-of-answers",
                        get("/hops"),
                        "",
                        Map.of(),
                        200,
                        Map.of("x-hop", "", "keep-alive", ""),
                        "hop"),
                new Row(
                        "unknown-field-passes",
                        get("/a", "X-Nobody-Knows: 1"),
                        Map.of("x-nobody-knows", "1"),
                        "shop /a"),
                new Row("host-passes", get("/a"), Map.of("host", "x"), "shop /a"),
                new Row(
                        "absolute-form-becomes-origin-form",
                        get("http://y:81/a?b=%2F").replace("Host: x", "Host: z"),
                        Map.of("host", "y:81"),
                        "shop /a?b=%2F"),
                new Row("target-passes-as-it-is", get("/%7Ea/..%2fb?c=d%20e"), Map.of(), "shop /%7Ea/..%2fb?c=d%20e"),
                new Row(
                        "chunked-body",
                        post("Transfer-Encoding: chunked"),
                        "5\r\nhello\r\n0\r\n\r\n",
                        Map.of("transfer-encoding", "chunked", "content-length", ""),
                        200,
                        Map.of(),
                        "got 5"),
                new Row(
                        "body-with-a-length",
                        post("Content-Length: 5"),
                        "hello",
                        Map.of("transfer-encoding", "", "content-length", "5"),
                        200,
                        Map.of(),
                        "got 5"),
                new Row(
                        "expectation",
                        "POST /upload HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n",
                        "hello",
                        Map.of("expect", ""),
                        200,
                        Map.of(),
                        "got 5"),
                new Row(
                        "method-passes",
                        get("/a").replaceFirst("GET", "REPORT"),
                        "",
                        Map.of(),
                        200,
                        Map.of(),
                        "shop /a"),
                new Row(
                        "preconditions-pass",
                        get("/a", "If-Match: \"x\"", "If-None-Match: *", "If-Modified-Since: x", "Range: bytes=0-1"),
                        Map.of(
                                "if-match",
                                "\"x\"",
                                "if-none-match",
                                "*",
                                "if-modified-since",
                                "x",
                                "range",
                                "bytes=0-1"),
                        "shop /a"),
                new Row(
                        "head",
                        get("/sized").replaceFirst("GET", "HEAD"),
                        "",
                        Map.of(),
                        200,
                        Map.of("content-length", "7"),
                        ""),
                new Row(
                        "not-modified",
                        get("/not-modified"),
                        "",
                        Map.of(),
                        304,
                        Map.of("etag", "\"1\"", "transfer-encoding", ""),
                        ""),
                new Row(
                        "no-content",
                        get("/no-content"),
                        "",
                        Map.of(),
                        204,
                        Map.of("content-length", "", "transfer-encoding", ""),
                        ""),
                new Row(
                        "content-coding-passes",
                        get("/coded", "Accept-Encoding: gzip"),
                        "",
                        Map.of("accept-encoding", "gzip"),
                        200,
                        Map.of("content-encoding", "gzip"),
                        "as it is"),
                new Row(
                        "no-chunks-for-1-0",
                        "GET /download?chunks=1 HTTP/1.0\r\n",
                        "",
                        Map.of(),
                        200,
                        Map.of("transfer-encoding", "", "connection", "close"),
                        "\0".repeat(Shop.CHUNK)),
                new Row("error-passes", get("/missing"), "", Map.of(), 404, Map.of(), "no such thing"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void shopAndVisitorSeeWhatTheTableSays(Row row) {
        Answer answer = Answer.parse("", "", gateway.rawAndNoMore(row.requestLine + cookie + "\r\n" + row.body));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(row.status);
        assertThat(answer.body()).isEqualTo(row.answer);
        assertThat(shop.seen).hasSize(1);
        row.seen.forEach(
                (name, value) -> assertThat(shop.seen.getFirst().headers().getOrDefault(name, ""))
                        .as(name)
                        .isEqualTo(value));
        row.fields.forEach((name, value) -> assertThat(answer.headers().getOrDefault(name, List.of("")))
                .as(name)
                .containsExactly(value));
        assertThat(answer.header("Date")).as("Date").endsWith("GMT");
    }

    @Test
    void rowsAndTestsAreTheSame() throws IOException {
        String page = Files.readString(TABLE);
        List<String> table = ROW.matcher(page.substring(page.indexOf(SECTION)))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(rows().map(Row::id)).containsExactlyElementsOf(table);
    }
}
