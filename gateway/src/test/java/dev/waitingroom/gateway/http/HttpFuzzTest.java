package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.waitingroom.gateway.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Bytes on a connection, guided by coverage of parser and router. No input gets a 5xx, and the next request is served. */
class HttpFuzzTest {
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

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreAnsweredOrCutOff(byte[] bytes) {
        assertSound(bytes);
    }

    /** With a valid request line, so that headers and body are reached. */
    @FuzzTest(maxDuration = "60s")
    void anyHeadersAndBodyAreAnsweredOrCutOff(byte[] bytes) {
        byte[] line = "POST /api/v1/queue/join HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(line, line.length + bytes.length);
        System.arraycopy(bytes, 0, request, line.length, bytes.length);
        assertSound(request);
    }

    private static void assertSound(byte[] request) {
        for (String line : answers(request).lines().toList()) {
            if (line.startsWith("HTTP/")) {
                assertThat(Integer.parseInt(line.split(" ", 3)[1])).as(line).isLessThan(500);
            }
        }
        assertThat(gateway.get("/healthz").status()).isEqualTo(200);
    }

    private static String answers(byte[] request) {
        try (var socket = gateway.connect()) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // cut off
        }
    }
}
