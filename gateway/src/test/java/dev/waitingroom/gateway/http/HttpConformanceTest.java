package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.TicketStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of docs/reference/http-conformance.md: the bytes that are sent, and the answers. */
class HttpConformanceTest {
    private static final Path TABLE = Path.of("../docs/reference/http-conformance.md");

    /** The rest is in ProxyConformanceTest. */
    private static final String PROXIED = "## Proxied requests";

    private static final Pattern ROW = Pattern.compile("^\\|.*\\| `([a-z0-9-]+)` \\|$", Pattern.MULTILINE);
    private static final Pattern DATE = Pattern.compile(
            "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    private static final String CLOSE = "Connection: close\r\n";
    private static final String NEXT = "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final String JOIN = "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\n";
    private static final String EVENT = "{\"event_id\":\"evt\"}"; // 18 bytes

    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new TestGateway();
        gateway.registry.add("evt");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /**
     * @param id the id of the row in the table
     * @param wire the bytes that are sent on a connection that stays open
     * @param answers the status of each answer until the server closes, with fields that it must have: "200 Connection=close"; a field
     *     without a value must be absent
     */
    record Row(String id, String wire, String... answers) {
        @Override
        public String toString() {
            return id;
        }
    }

    private static String get(String headers) {
        return "GET /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + headers + "\r\n";
    }

    private static String chunked(String headers, String body) {
        return JOIN + headers + "Transfer-Encoding: chunked\r\n\r\n" + body;
    }

    static Stream<Row> rows() {
        String refused = "400 Connection=close";
        return Stream.of(
                        framing(refused),
                        bodies(refused),
                        connections(refused),
                        semantics(),
                        List.of(
                                new Row(
                                        "uri-too-long",
                                        "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n",
                                        "414 Connection=close"),
                                new Row(
                                        "uri-of-8000-bytes",
                                        "GET /version?" + "x".repeat(7_991) + " HTTP/1.1\r\nHost: x\r\n" + CLOSE
                                                + "\r\n",
                                        "200"),
                                new Row(
                                        "fields-too-large",
                                        get("Cookie: " + "x".repeat(33_000) + "\r\n"),
                                        "431 Connection=close")))
                .flatMap(List::stream);
    }

    private static List<Row> framing(String refused) {
        return List.of(
                new Row("empty-line-first", "\r\n" + NEXT, "200"),
                new Row("bare-cr", get("A: b\rc\r\n"), refused),
                new Row("bare-lf", "GET /version HTTP/1.1\nHost: x\n\n", refused),
                new Row("space-before-first-field", "GET /version HTTP/1.1\r\n Host: x\r\n\r\n", refused),
                new Row("space-in-target", "GET /ver sion HTTP/1.1\r\nHost: x\r\n\r\n", refused),
                new Row("space-before-colon", get("A : b\r\n"), refused),
                new Row("field-without-name", get(": b\r\n"), refused),
                new Row("field-without-colon", get("A\r\n"), refused),
                new Row("nul-in-value", get("A: b\0c\r\n"), refused),
                new Row("obs-fold", get("A: b\r\n c\r\n"), "200"),
                new Row("names-in-any-case", "GET /version HTTP/1.1\r\nhOST: x\r\ncONNECTION: cLOSE\r\n\r\n", "200"),
                new Row("unknown-field", get("X-Nobody-Knows: 1\r\n"), "200"),
                new Row("host-missing", "GET /version HTTP/1.1\r\n\r\n", refused),
                new Row("host-twice", get("Host: x\r\n"), refused),
                new Row("host-invalid", "GET /version HTTP/1.1\r\nHost: a b\r\n\r\n", refused),
                new Row("host-empty", "GET /version HTTP/1.1\r\nHost:\r\n" + CLOSE + "\r\n", "200"),
                new Row("host-ipv6", "GET /version HTTP/1.1\r\nHost: [::1]:8080\r\n" + CLOSE + "\r\n", "200"),
                new Row("host-missing-in-1-0", "GET /version HTTP/1.0\r\n\r\n", "200"),
                new Row("absolute-form", "GET http://y/version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n", "200"),
                new Row("absolute-form-without-path", "GET http://y HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n", "200"),
                new Row(
                        "asterisk-form",
                        "OPTIONS * HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "204 Allow=POST Allow=GET Allow=DELETE Content-Length"),
                new Row("major-version", "GET /version HTTP/2.0\r\nHost: x\r\n\r\n", refused),
                new Row("version-in-lower-case", "GET /version http/1.1\r\nHost: x\r\n\r\n", refused));
    }

    private static List<Row> bodies(String refused) {
        String event = "12\r\n" + EVENT + "\r\n";
        return List.of(
                new Row("chunked", chunked(CLOSE, event + "0\r\n\r\n"), "202"),
                new Row("chunk-extension", chunked(CLOSE, "12;a=\"b\"\r\n" + EVENT + "\r\n0;c\r\n\r\n"), "202"),
                new Row("trailers", chunked(CLOSE, event + "0\r\nA: b\r\n\r\n"), "202"),
                new Row("chunk-size-invalid", chunked("", "x\r\n" + EVENT), refused),
                new Row("chunk-size-overflow", chunked("", "FFFFFFFFFFFFFFFF1\r\n" + EVENT), refused),
                new Row("chunk-without-end", chunked("", "12\r\n" + EVENT + "0\r\n\r\n"), refused),
                new Row(
                        "chunk-invalid-in-unread-body",
                        "GET /version HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                        "200"),
                new Row("length-and-chunked", chunked("Content-Length: 18\r\n", event + "0\r\n\r\n"), refused),
                new Row("unknown-transfer-coding", JOIN + "Transfer-Encoding: gzip, chunked\r\n\r\n", refused),
                new Row("chunked-not-last", JOIN + "Transfer-Encoding: chunked, gzip\r\n\r\n", refused),
                new Row("chunked-twice", JOIN + "Transfer-Encoding: chunked, chunked\r\n\r\n", refused),
                new Row(
                        "chunked-in-1-0",
                        "POST /api/v1/queue/join HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + event,
                        refused),
                new Row("length-invalid", JOIN + "Content-Length: 1x\r\n\r\n", refused),
                new Row("lengths-differ", JOIN + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", refused),
                new Row("body-too-large", JOIN + "Content-Length: 9000\r\n\r\n", "413 Connection=close"),
                new Row(
                        "unread-body-ends-before-next",
                        "GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + "x".repeat(9_000) + NEXT,
                        "200",
                        "200"),
                new Row(
                        "content-coding",
                        JOIN + CLOSE
                                + "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
                        "415 Accept-Encoding=identity"),
                new Row(
                        "media-type",
                        JOIN + CLOSE + "Content-Type: text/html\r\nContent-Length: 2\r\n\r\n{}",
                        "415 Accept=application/json"),
                new Row(
                        "expect-continue",
                        JOIN + CLOSE + "Expect: 100-continue\r\nContent-Length: 18\r\n\r\n" + EVENT,
                        "100",
                        "202"),
                new Row(
                        "expect-continue-in-1-0",
                        "POST /api/v1/queue/join HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 18\r\n\r\n"
                                + EVENT,
                        "202"),
                new Row(
                        "expect-continue-refused",
                        JOIN + "Expect: 100-continue\r\nContent-Length: 9000\r\n\r\n",
                        "413 Connection=close"),
                new Row(
                        "expect-continue-unread",
                        "POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
                        "404 Connection=close"));
    }

    private static List<Row> connections(String refused) {
        String first = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
        return List.of(
                new Row("persistent", first + first + NEXT, "200 Connection", "200 Connection", "200 Connection=close"),
                new Row(
                        "pipelined-in-order",
                        first + "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + NEXT,
                        "200",
                        "404",
                        "200"),
                new Row("close", NEXT + first, "200 Connection=close"),
                new Row(
                        "close-in-a-list",
                        "GET /version HTTP/1.1\r\nHost: x\r\nConnection: foo,\tClose\r\n\r\n" + first,
                        "200 Connection=close"),
                new Row(
                        "option-that-begins-like-close",
                        "GET /version HTTP/1.1\r\nHost: x\r\nConnection: clo\r\n\r\n" + NEXT,
                        "200",
                        "200"),
                new Row("1-0-closes", "GET /version HTTP/1.0\r\n\r\n" + first, "200"),
                new Row(
                        "1-0-keep-alive",
                        "GET /version HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + NEXT,
                        "200 Connection=keep-alive",
                        "200"),
                new Row("nothing-after-refusal", "GET /version HTTP/1.1\r\n\r\n" + first, refused),
                new Row(
                        "upgrade-ignored",
                        "GET /version HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                                + NEXT,
                        "200",
                        "200"));
    }

    private static List<Row> semantics() {
        return List.of(
                new Row("date", NEXT, "200 Date"),
                new Row("date-of-errors", "GET /nowhere HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n", "404 Date"),
                new Row("date-of-refusals", "GET /version HTTP/1.1\r\n\r\n", "400 Date"),
                new Row(
                        "method-not-allowed",
                        "PUT /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "405 Allow=GET Allow=HEAD Allow=OPTIONS"),
                new Row("method-unknown", "BREW /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n", "405 Allow=GET"),
                new Row(
                        "method-in-lower-case",
                        "get /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "405 Allow=GET"),
                new Row("trace", "TRACE /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n", "405 Allow=GET"),
                new Row(
                        "options",
                        "OPTIONS /version HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "204 Allow=GET Content-Length Transfer-Encoding"),
                new Row(
                        "unauthorized",
                        "GET /api/v1/queue/status?token=x HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "401 WWW-Authenticate=Bearer"),
                new Row("if-match-tag", get("If-Match: \"a\"\r\n"), "412"),
                new Row("if-match-any", get("If-Match: *\r\n"), "200"),
                new Row(
                        "if-match-post",
                        JOIN + "If-Match: *\r\nContent-Length: 18\r\n" + CLOSE + "\r\n" + EVENT,
                        "412"),
                new Row(
                        "if-match-after-401",
                        "GET /api/v1/queue/status?token=x HTTP/1.1\r\nHost: x\r\nIf-Match: \"a\"\r\n" + CLOSE + "\r\n",
                        "401"),
                new Row("if-none-match-tag", get("If-None-Match: \"a\"\r\n"), "200"),
                new Row("if-none-match-any", get("If-None-Match: *\r\n"), "304 Cache-Control=no-store Content-Type"),
                new Row(
                        "if-none-match-post",
                        JOIN + "If-None-Match: *\r\nContent-Length: 18\r\n" + CLOSE + "\r\n" + EVENT,
                        "202"),
                new Row("if-modified-since", get("If-Modified-Since: Mon, 30 Nov 2026 00:00:00 GMT\r\n"), "200"),
                new Row("if-unmodified-since", get("If-Unmodified-Since: Mon, 30 Nov 2020 00:00:00 GMT\r\n"), "200"),
                new Row("range-ignored", get("Range: bytes=0-1\r\n"), "200"),
                new Row("accept-disregarded", get("Accept: image/png\r\n"), "200 Content-Type=application/json"),
                new Row(
                        "trailing-slash",
                        "GET /version/ HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n",
                        "200 Content-Type=application/json"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void answersMatchTheTable(Row row) throws IOException {
        try (Socket socket = gateway.connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(row.wire().getBytes(StandardCharsets.ISO_8859_1));
            List<Answer> answers = untilTheEnd(socket.getInputStream());

            assertThat(answers).as(answers.toString()).hasSameSizeAs(row.answers());
            for (int i = 0; i < row.answers().length; i++) {
                assertAnswer(answers.get(i), row.answers()[i]);
            }
        }
    }

    private static void assertAnswer(Answer answer, String expected) {
        String[] words = expected.split(" ", -1);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(Integer.parseInt(words[0]));
        for (String field : Arrays.asList(words).subList(1, words.length)) {
            String[] parts = field.split("=", 2);
            if (parts[0].equals("Date")) {
                assertThat(answer.header("Date")).matches(DATE);
            } else if (parts.length == 1) {
                assertThat(answer.headers()).doesNotContainKey(parts[0].toLowerCase(Locale.ROOT));
            } else {
                assertThat(answer.header(parts[0])).as(answer.toString()).containsIgnoringCase(parts[1]);
            }
        }
    }

    @Test
    void headIsServedWhereGetIs() throws IOException {
        gateway.registry.add("over").status = FakeRoom.gone(State.ADMITTED); // of another place a stream would go on
        for (Route route : gateway.routes()) {
            if (route.allow().contains("GET")) {
                String rest = " " + route.path() + "?token=" + gateway.token("over") + " HTTP/1.1\r\nHost: x\r\n"
                        + CLOSE + "\r\n";
                Answer get = Answer.parse("GET", route.path(), gateway.rawAndNoMore("GET" + rest));
                Answer head = Answer.parse("HEAD", route.path(), gateway.rawAndNoMore("HEAD" + rest));

                assertThat(head.status()).as(route.path()).isEqualTo(get.status());
                assertThat(head.body()).as(route.path()).isEmpty();
                assertThat(head.headers())
                        .as(route.path())
                        .containsOnlyKeys(get.headers().keySet());
                assertThat(head.header("Content-Length")).as(route.path()).isEqualTo(get.header("Content-Length"));
            }
        }
    }

    @Test
    void rowsAndTestsAreTheSame() throws IOException {
        Set<String> table = new TreeSet<>();
        String page = Files.readString(TABLE);
        Matcher row = ROW.matcher(page.substring(0, page.indexOf(PROXIED)));
        while (row.find()) {
            assertThat(table.add(row.group(1))).as(row.group(1)).isTrue();
        }

        assertThat(rows().map(Row::id)).containsExactlyInAnyOrderElementsOf(table);
    }

    /** All answers until the server closes. */
    private static List<Answer> untilTheEnd(InputStream in) throws IOException {
        String wire = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        List<Answer> answers = new ArrayList<>();
        while (!wire.isEmpty()) {
            Answer next = Answer.parse("", "", wire);
            String length = next.header("Content-Length");
            int end = wire.indexOf("\r\n\r\n") + 4 + (length.isEmpty() ? 0 : Integer.parseInt(length));
            answers.add(Answer.parse("", "", wire.substring(0, end)));
            wire = wire.substring(end);
        }
        return answers;
    }
}
