package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP itself asks of a server. */
class HttpSurfaceTest {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new TestGateway();
        gateway.fleet.add("evt");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void headIsAnsweredAsGetWithoutTheBody() {
        Answer get = gateway.get("/version");
        Answer head = gateway.send("HEAD", "/version", "");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
        assertThat(head.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void optionsNamesTheMethods() {
        Answer answer = gateway.send("OPTIONS", "/api/v1/queue/leave", "");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo("POST, DELETE, OPTIONS");
        assertThat(gateway.send("OPTIONS", "/nowhere", "").status()).isEqualTo(404);
    }

    // --- CORS ---

    @Test
    void pageOfAnAllowedOriginMayAskAndRead() {
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
        assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("Retry-After");
        assertThat(answer.header("Vary")).isEqualToIgnoringCase("Origin");
    }

    @Test
    void pageOfAnotherOriginMayNot() {
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

    // --- what is hardly HTTP ---

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /version HTTP/1.1                | 200",
                "GET http://x/version HTTP/1.1        | 200",
                "GET /version?%zz&&==&token HTTP/1.1  | 200",
                "OPTIONS * HTTP/1.1                   | 404",
                "GET * HTTP/1.1                       | 404",
                "GET //version HTTP/1.1               | 404",
                "GET /%00 HTTP/1.1                    | 404",
                "GET /api/v1/../../version HTTP/1.1   | 404",
                "CONNECT x:443 HTTP/1.1               | 404",
                "GE\u0001T /version HTTP/1.1          | 400"
            })
    void requestLineIsTakenForWhatItIs(String line, int status) {
        String wire = gateway.raw(ascii(line + "\r\nHost: x\r\nConnection: close\r\n\r\n"));

        assertThat(Answer.parse("", "", wire).status()).as(wire).isEqualTo(status);
    }

    @Test
    void lineThatIsTooLongIs414() {
        // What fits into the sockets' buffers: of a megabyte the rest may meet a closed connection before the answer is
        // read.
        String wire = gateway.raw(ascii("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));

        Answer answer = Answer.parse("", "", wire);
        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.text("code")).isEqualTo("URI_TOO_LONG");
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @Test
    void headersThatAreTooLargeAre431() {
        String wire = gateway.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(9_000) + "\r\n\r\n"));

        Answer answer = Answer.parse("", "", wire);
        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.text("code")).isEqualTo("HEADERS_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: 5\r\nContent-Length: 6",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "no colon"
            })
    void headersThatSmuggleAreRefused(String header) {
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
    void bodyThatBreaksOffGetsNoPlace() {
        gateway.fleet.add("half");

        gateway.raw(ascii(
                "POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{\"event_id\":\"half\""));

        assertThat(gateway.fleet.rooms.get("half"))
                .extracting(room -> room.keys)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/9.9", "HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "http/1.1", "FTP/1.1"})
    void otherVersionsOfHttpAreNotServed(String version) {
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
    void whatNamesNoVersionIsRefused(String line) {
        String wire = gateway.raw(ascii(line + "\r\nHost: x\r\n\r\n"));

        assertThat(Answer.parse("", "", wire).status()).as(wire).isEqualTo(400);
    }

    // --- clients that take their time ---

    @Test
    void bodyThatDoesNotComeIs408() {
        try (TestGateway impatient = impatient()) {
            impatient.fleet.add("evt");

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
    void headThatDoesNotEndIsCutOff(String beginning) {
        try (TestGateway impatient = impatient()) {
            String wire = impatient.rawAndNoMore(beginning);

            assertThat(wire.lines().filter(line -> line.startsWith("HTTP/1.1")))
                    .hasSize(beginning.endsWith("ver") ? 1 : 0);
        }
    }

    // --- clients that want too much at once ---

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        String last = "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String wire = gateway.raw(ascii("GET /version HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100) + last));

        String[] answers = wire.split("HTTP/1.1 ", -1); // the first is what stands before the first
        assertThat(answers).hasSize(102);
        assertThat(Arrays.copyOfRange(answers, 1, 101)).allMatch(answer -> answer.startsWith("200"));
        assertThat(answers[101]).startsWith("404");
    }

    /** Netty closes at 128 that wait behind one another: neither they nor their answers pile up. */
    @Test
    void pipelineWithoutEndIsCutOff() {
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
    void whoComesNewIsServedWhoeverHoldsConnectionsOpen() throws IOException {
        int most = 20;
        try (TestGateway small = new TestGateway(new HttpLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), most))) {
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
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static TestGateway impatient() {
        return new TestGateway(new HttpLimits(Duration.ofMillis(300), Duration.ofMillis(600), 1_000));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
