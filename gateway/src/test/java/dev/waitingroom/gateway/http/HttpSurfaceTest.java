package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.queue.room.AdmitOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP server over real connections. */
class HttpSurfaceTest {
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

    @Test
    void headIsAnsweredLikeGetWithoutABody() {
        Answer get = gateway.get("/version");
        Answer head = gateway.send("HEAD", "/version", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void optionsListsTheMethods() {
        Answer answer = gateway.send("OPTIONS", "/api/v1/queue/leave", "");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo("POST, DELETE, OPTIONS");
        assertThat(gateway.send("OPTIONS", "/nowhere", "").status()).isEqualTo(404);
    }

    // --- CORS ---

    @Test
    void pageOfAnAllowedOriginMayCallAndRead() {
        Answer preflight = gateway.send(
                "OPTIONS",
                "/api/v1/queue/join",
                "",
                "Origin",
                TestGateway.ORIGIN,
                "Access-Control-Request-Method",
                "POST");
        Answer answer = gateway.get("/api/v1/queue/status", "Origin", TestGateway.ORIGIN);

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(TestGateway.ORIGIN);
        assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("POST, OPTIONS");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Idempotency-Key", "Authorization");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(TestGateway.ORIGIN);
        assertThat(answer.header("Access-Control-Expose-Headers")).contains("Retry-After");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(answer.header("Vary")).isEqualToIgnoringCase("Origin");
    }

    @Test
    void pageMaySendHeadersOfTracingTools() {
        String headers =
                "authorization,baggage,content-type,sentry-trace,traceparent,tracestate,x-b3-traceid,x-request-id,"
                        + "x-requested-with";

        Answer preflight = preflight(gateway, "/api/v1/queue/join", "POST", "Access-Control-Request-Headers", headers);

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Headers")).isEqualTo(headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x y", "a,,b", "a\tb", ""})
    void malformedListOfHeadersIsNotEchoed(String headers) {
        Answer preflight = preflight(gateway, "/api/v1/queue/join", "POST", "Access-Control-Request-Headers", headers);

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Headers")).startsWith("Authorization, ");
    }

    @Test
    void pageMaySendCookiesIfAllowed() {
        try (TestGateway strict = new TestGateway(WebOrigins.of(List.of(TestGateway.ORIGIN), true))) {
            Answer preflight = preflight(strict, "/api/v1/queue/join", "POST");
            Answer answer = strict.get("/version", "Origin", TestGateway.ORIGIN);
            Answer other = strict.get("/version", "Origin", "https://evil.example");

            for (Answer readable : List.of(preflight, answer)) {
                assertThat(readable.header("Access-Control-Allow-Credentials")).isEqualTo("true");
                assertThat(readable.header("Access-Control-Allow-Origin")).isEqualTo(TestGateway.ORIGIN);
            }
            assertThat(other.headers()).doesNotContainKey("access-control-allow-credentials");
        }
    }

    @Test
    void pageCanReadErrors() {
        String origin = "\r\nHost: x\r\nOrigin: " + TestGateway.ORIGIN + "\r\nConnection: close\r\n";
        String post = "POST /api/v1/queue/join HTTP/1.1" + origin;
        List<String> requests = List.of(
                "GET /nowhere HTTP/1.1" + origin + "\r\n",
                "PUT /version HTTP/1.1" + origin + "\r\n",
                "GET /api/v1/queue/status?token=x HTTP/1.1" + origin + "\r\n",
                "GET /version HTTP/9.9" + origin + "\r\n",
                "GET /version HTTP/1.1" + origin + "Host: y\r\n\r\n",
                "GET /version HTTP/1.1" + origin + "Cookie: " + "c".repeat(33_000) + "\r\n\r\n",
                "GET /" + "x".repeat(9_000) + " HTTP/1.1" + origin + "\r\n",
                post + "Content-Length: 1\r\n\r\n{",
                post + "Content-Length: 9000\r\n\r\n",
                post + "Content-Length: 2\r\nContent-Type: text/html\r\n\r\n{}",
                post + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
                "?");
        for (String request : requests) {
            Answer answer = Answer.parse("", "", gateway.raw(ascii(request + "\r\n\r\n")));

            assertThat(answer.status()).as(request).isBetween(400, 499);
            assertThat(answer.header("Access-Control-Allow-Origin")).as(request).isEqualTo(TestGateway.ORIGIN);
            assertThat(answer.header("Access-Control-Expose-Headers"))
                    .as(request)
                    .contains("Retry-After");
        }
    }

    @Test
    void preflightIsAllowedEvenIfTheRequestWillFail() {
        Answer unknownPath = preflight(gateway, "/nowhere", "POST");
        Answer otherMethod = preflight(gateway, "/version", "PUT");

        assertThat(unknownPath.status()).isEqualTo(204);
        assertThat(unknownPath.header("Access-Control-Allow-Methods")).isEqualTo("POST");
        assertThat(otherMethod.header("Access-Control-Allow-Methods")).contains("GET", "PUT");
    }

    @Test
    void preflightIsNotRateLimited() {
        try (TestGateway strict = new TestGateway(TestGateway.LIMITS, 1)) {
            String[] visitor = {"X-Forwarded-For", "203.0.113.7"};
            Answer refused = strict.get("/version", visitor);
            while (refused.status() == 200) {
                refused = strict.get("/version", "X-Forwarded-For", "203.0.113.7", "Origin", TestGateway.ORIGIN);
            }

            Answer preflight = preflight(strict, "/version", "GET", visitor);

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(TestGateway.ORIGIN);
            assertThat(preflight.status()).isEqualTo(204);
        }
    }

    private static Answer preflight(TestGateway gateway, String path, String method, String... more) {
        List<String> headers =
                new ArrayList<>(List.of("Origin", TestGateway.ORIGIN, "Access-Control-Request-Method", method));
        headers.addAll(List.of(more));
        return gateway.send("OPTIONS", path, "", headers.toArray(String[]::new));
    }

    @Test
    void pageOfAnotherOriginMayNotCall() {
        Answer preflight = gateway.send(
                "OPTIONS",
                "/api/v1/queue/join",
                "",
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");

        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(preflight.header("Access-Control-Allow-Methods")).isEmpty();
    }

    // --- load balancers ---

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\nHost: x", "HEAD / HTTP/1.1\r\nHost: x", "GET / HTTP/1.0", "OPTIONS / HTTP/1.0"
            })
    void checkOfTheRootSucceedsWhileServing(String request) {
        String wire = gateway.raw(ascii(request + "\r\nConnection: close\r\n\r\n"));

        assertThat(Answer.parse("", "", wire).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void checkOfTheRootFailsWhileDraining(String method) {
        try (TestGateway ending = new TestGateway()) {
            ending.health.drain();

            assertThat(ending.send(method, "/", "").status()).isEqualTo(503);
        }
    }

    // --- malformed requests ---

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /version HTTP/1.1                | 200",
                "GET http://x/version HTTP/1.1        | 200",
                "GET /version?%zz&&==&token HTTP/1.1  | 200",
                "OPTIONS * HTTP/1.1                   | 204",
                "GET * HTTP/1.1                       | 404",
                "GET //version HTTP/1.1               | 404",
                "GET /version/ HTTP/1.1               | 200",
                "GET /version// HTTP/1.1              | 404",
                "GET http://x HTTP/1.1                | 200",
                "GET /%00 HTTP/1.1                    | 404",
                "GET /api/v1/../../version HTTP/1.1   | 404",
                "CONNECT x:443 HTTP/1.1               | 404",
                "GE\u0001T /version HTTP/1.1          | 400"
            })
    void requestLineIsParsed(String line, int status) {
        String wire = gateway.raw(ascii(line + "\r\nHost: x\r\nConnection: close\r\n\r\n"));

        assertThat(Answer.parse("", "", wire).status()).as(wire).isEqualTo(status);
    }

    @Test
    void tooLongRequestLineIs414() {
        // Small enough for the buffers of the sockets. Otherwise the rest may meet a closed connection before the
        // answer
        // is read.
        String wire = gateway.raw(ascii("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));

        Answer answer = Answer.parse("", "", wire);
        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.text("code")).isEqualTo("URI_TOO_LONG");
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @Test
    void tooLargeHeadersAre431() {
        String wire = gateway.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(33_000) + "\r\n\r\n"));

        Answer answer = Answer.parse("", "", wire);
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.text("code")).isEqualTo("HEADERS_TOO_LARGE");
    }

    /** A shop's cookies are sent to the gateway if both share a domain. */
    @Test
    void largeCookiesAreAccepted() {
        String cookies = "Cookie: " + "c".repeat(8_300) + "\r\n" + "X-More: " + "m".repeat(24_000) + "\r\n";

        String wire =
                gateway.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + cookies + "\r\n"));

        assertThat(Answer.parse("", "", wire).status()).isEqualTo(200);
    }

    /** Each field takes a hundred bytes of memory, even if it is short. */
    @Test
    void tooManyFieldsAre431() {
        String head = "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

        assertThat(Answer.parse("", "", gateway.raw(ascii(head + "a:\r\n".repeat(198) + "\r\n")))
                        .status())
                .isEqualTo(200);
        assertThat(Answer.parse("", "", gateway.raw(ascii(head + "a:\r\n".repeat(199) + "\r\n")))
                        .text("code"))
                .isEqualTo("HEADERS_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: ", "GET /version HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX: "})
    void unfinishedHeadsTakeBoundedMemory(String beginning) throws IOException {
        int large = 20_000;
        int most = 10;
        String head = (beginning.startsWith("X") ? "GET /version HTTP/1.1\r\nHost: x\r\n" : "") + beginning;
        HttpLimits limits = new HttpLimits(
                Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), 1_000, 2L * most * large);
        try (TestGateway small = new TestGateway(limits)) {
            List<Socket> unfinished = new ArrayList<>();
            try {
                for (int i = 0; i < 10 * most; i++) {
                    Socket socket = small.connect();
                    unfinished.add(socket);
                    socket.getOutputStream().write(ascii(head + "x".repeat(large)));
                }

                Awaitility.await()
                        .untilAsserted(() -> assertThat(unfinished.stream().filter(HttpSurfaceTest::isOpen))
                                .hasSizeBetween(1, most + Runtime.getRuntime().availableProcessors()));
                assertThat(small.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")))
                        .startsWith("HTTP/1.1 200");
            } finally {
                for (Socket socket : unfinished) {
                    socket.close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: 5\r\nContent-Length: 6",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "no colon"
            })
    void requestSmugglingIsRefused(String header) {
        String wire = gateway.raw(
                ascii("POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + "\r\n\r\n{}"));

        assertThat(Answer.parse("", "", wire).status()).as(wire).isEqualTo(400);
    }

    @Test
    void chunkedBodyIsReadAndLimited() {
        String head =
                "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        String body = "{\"event_id\":\"evt\"}";
        String whole = head + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        String tooMuch = head + ("1000\r\n" + "x".repeat(4_096) + "\r\n").repeat(5) + "0\r\n\r\n";

        assertThat(Answer.parse("", "", gateway.raw(ascii(whole))).status()).isEqualTo(202);
        assertThat(Answer.parse("", "", gateway.raw(ascii(tooMuch))).status()).isEqualTo(413);
    }

    @Test
    void incompleteBodyGetsNoPlace() {
        gateway.registry.add("half");

        gateway.raw(ascii(
                "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{\"event_id\":\"half\""));

        assertThat(gateway.registry.rooms.get("half"))
                .extracting(room -> room.keys)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/9.9", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "http/1.1", "FTP/1.1"})
    void otherHttpVersionsAreRefused(String version) {
        String wire = gateway.rawAndNoMore("GET /version " + version + "\r\nHost: x\r\n\r\n");

        Answer answer = Answer.parse("", "", wire);
        assertThat(wire).startsWith("HTTP/1.1 400 ");
        assertThat(answer.text("code")).isEqualTo("BAD_REQUEST");
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /version HTTP/x",
                "GET /version HTTP/11",
                "GET /version HTTP/1.1x",
                "GET /version",
                "GET",
                " ",
                "\0\0\0"
            })
    void requestLineWithoutAVersionIsRefused(String line) {
        String wire = gateway.raw(ascii(line + "\r\nHost: x\r\n\r\n"));

        assertThat(Answer.parse("", "", wire).status()).as(wire).isEqualTo(400);
    }

    // --- slow clients ---

    @Test
    void missingBodyIs408() {
        try (TestGateway impatient = impatient()) {
            impatient.registry.add("evt");

            String wire = impatient.rawAndNoMore(
                    "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{\"event_id\":");

            Answer answer = Answer.parse("", "", wire);
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.text("code")).isEqualTo("REQUEST_TIMEOUT");
            assertThat(answer.header("Connection")).isEqualTo("close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /version HTTP/1.1\r\nHost:", "GET /version HTTP/1.1\r\nHost: x\r\n\r\nGET /ver"})
    void unfinishedHeadIsCutOff(String beginning) {
        try (TestGateway impatient = impatient()) {
            String wire = impatient.rawAndNoMore(beginning);

            assertThat(wire.lines().filter(line -> line.startsWith("HTTP/1.1")))
                    .hasSize(beginning.endsWith("ver") ? 1 : 0);
        }
    }

    // --- idle connections ---

    @Test
    void idleConnectionOutlivesASlowHead() throws IOException {
        try (TestGateway gateway = new TestGateway(limits(Duration.ofMillis(300), Duration.ofMinutes(1), 1_000));
                Socket idle = gateway.connect();
                Socket used = gateway.connect();
                Socket slow = gateway.connect()) {
            ask(used);
            slow.getOutputStream().write(ascii("GET /version HTTP/1.1\r\nHo"));

            Awaitility.await().until(() -> !isOpen(slow));

            assertThat(ask(used)).startsWith("HTTP/1.1 200");
            assertThat(ask(idle)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void connectionIsClosedAfterTheIdleTime() throws IOException {
        try (TestGateway gateway = new TestGateway(limits(Duration.ofMinutes(1), Duration.ofMillis(300), 1_000));
                Socket used = gateway.connect()) {
            assertThat(ask(used)).startsWith("HTTP/1.1 200");

            Awaitility.await().until(() -> !isOpen(used));
        }
    }

    @Test
    void connectionIsNotClosedDuringARequest() throws IOException {
        CompletableFuture<AdmitOutcome> held = new CompletableFuture<>();
        try (TestGateway gateway = new TestGateway(limits(Duration.ofMillis(200), Duration.ofMillis(200), 2));
                Socket waiting = gateway.connect()) {
            FakeRoom room = gateway.registry.add("evt");
            room.admits = held;
            waiting.getOutputStream()
                    .write(ascii("POST /api/v1/queue/admit?token=" + gateway.token("evt")
                            + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
            Awaitility.await().until(() -> !room.asked().isEmpty());

            List<Socket> others = new ArrayList<>(); // idle for as long, and more than may be open
            for (int i = 0; i < 10; i++) {
                others.add(gateway.connect());
            }
            Awaitility.await().until(() -> others.stream().noneMatch(HttpSurfaceTest::isOpen));
            held.complete(new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2)));

            assertThat(firstLine(waiting)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void drainingGatewayClosesEachConnectionAfterItsAnswer() throws IOException {
        try (TestGateway ending = new TestGateway();
                Socket connection = ending.connect()) {
            assertThat(ask(connection)).startsWith("HTTP/1.1 200");
            ending.health.drain();

            connection.getOutputStream().write(ascii("GET /version HTTP/1.1\r\nHost: x\r\n\r\n"));

            String wire = new String(connection.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(Answer.parse("", "", wire).status()).isEqualTo(200);
            assertThat(Answer.parse("", "", wire).header("Connection")).isEqualTo("close");
        }
    }

    private static String ask(Socket connection) throws IOException {
        connection.getOutputStream().write(ascii("GET /version HTTP/1.1\r\nHost: x\r\n\r\n"));
        return firstLine(connection);
    }

    /** Reads an answer and returns its beginning. */
    private static String firstLine(Socket connection) throws IOException {
        connection.setSoTimeout(10_000);
        byte[] read = new byte[16 * 1024];
        int length = connection.getInputStream().read(read);
        return length < 0 ? "" : new String(read, 0, length, StandardCharsets.ISO_8859_1);
    }

    // --- greedy clients ---

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        String last = "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String wire = gateway.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100) + last));

        String[] answers = wire.split("HTTP/1.1 ", -1); // the first element is empty
        assertThat(answers).hasSize(102);
        assertThat(Arrays.copyOfRange(answers, 1, 101)).allMatch(answer -> answer.startsWith("200"));
        assertThat(answers[101]).startsWith("404");
    }

    /** Netty closes at 128 waiting requests, so that neither requests nor answers pile up. */
    @Test
    void endlessPipelineIsCutOff() {
        assertThatThrownBy(() -> {
                    try (Socket socket = gateway.connect()) {
                        byte[] many = ascii("GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000));
                        for (int i = 0; i < 10_000; i++) {
                            socket.getOutputStream().write(many);
                        }
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void newClientIsServedAtTheConnectionLimit() throws IOException {
        int most = 20;
        try (TestGateway small = new TestGateway(limits(Duration.ofMinutes(1), Duration.ofMinutes(1), most))) {
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 5 * most; i++) {
                    idle.add(small.connect());
                }

                assertThat(small.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")))
                        .startsWith("HTTP/1.1 200");
                Awaitility.await()
                        .untilAsserted(() -> assertThat(idle.stream().filter(HttpSurfaceTest::isOpen))
                                .hasSizeLessThanOrEqualTo(most));
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
        }
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static TestGateway impatient() {
        return new TestGateway(new HttpLimits(
                Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(600), 1_000, 1_000_000));
    }

    private static HttpLimits limits(Duration head, Duration keepAlive, int connections) {
        return new HttpLimits(Duration.ofMinutes(1), head, keepAlive, connections, 1_000_000);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
