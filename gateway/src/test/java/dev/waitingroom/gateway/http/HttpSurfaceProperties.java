package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.TestGateway;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Any input gets an answer, and never a 5xx. */
class HttpSurfaceProperties {
    private static @Nullable TestGateway started;

    @BeforeContainer
    static void start() {
        started = new TestGateway();
        started.registry.add("evt");
    }

    @AfterContainer
    static void stop() {
        gateway().close();
    }

    private static TestGateway gateway() {
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    @Property(tries = 400)
    void anyPathAndQuery(@ForAll("targets") String target, @ForAll("methods") String method) {
        assertSound(send(method, target, "", new byte[0]));
    }

    @Property(tries = 400)
    void anyBytesAsBody(@ForAll("bodyPaths") String path, @ForAll byte[] body) {
        assertSound(send("POST", path, "Content-Type: application/json\r\n", body));
    }

    @Property(tries = 400)
    void anyJsonAsBody(@ForAll("bodyPaths") String path, @ForAll("json") String body) {
        assertSound(send("POST", path, "Content-Type: application/json\r\n", body.getBytes(StandardCharsets.UTF_8)));
    }

    @Property(tries = 400)
    void anyToken(@ForAll("tokens") String token) {
        Answer answer = send("GET", "/api/v1/queue/status", "Authorization: Bearer " + token + "\r\n", new byte[0]);

        assertSound(answer);
        assertThat(answer.status()).isNotEqualTo(200);
    }

    @Property(tries = 400)
    void anyHeader(@ForAll("headerNames") String name, @ForAll("headerValues") String value) {
        assertSound(send(
                "POST",
                "/api/v1/queue/join",
                name + ": " + value + "\r\n",
                "{\"event_id\":\"evt\"}".getBytes(StandardCharsets.UTF_8)));
    }

    private static Answer send(String method, String target, String headers, byte[] body) {
        byte[] head = (method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers
                        + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return Answer.parse(method, target, gateway().raw(all));
    }

    private static void assertSound(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isBetween(200, 499);
        if (answer.status() >= 400 && !answer.method().equals("HEAD")) {
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.json()).containsKeys("type", "code", "title", "status", "detail", "trace_id");
        }
    }

    @Provide
    Arbitrary<String> targets() {
        Arbitrary<String> junk = Arbitraries.strings().withCharRange('!', '~').ofMaxLength(60);
        Arbitrary<String> near = Arbitraries.of(
                "/api/v1/queue/status",
                "/api/v1/queue/leave",
                "/api/v1/queue/",
                "/version",
                "/healthz/..",
                "http://x/");
        return Arbitraries.oneOf(
                junk.map(s -> "/" + s), Combinators.combine(near, junk).as((path, more) -> path + "?token=" + more));
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS", "TRACE", "PATCH", "get", "X-Y");
    }

    @Provide
    Arbitrary<String> bodyPaths() {
        return Arbitraries.of(
                "/api/v1/queue/join", "/api/v1/queue/admit", "/api/v1/queue/enter", "/api/v1/queue/leave");
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> value = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(140).map(HttpSurfaceProperties::quoted),
                Arbitraries.of(
                        "\"evt\"", "null", "true", "{}", "[", "[[]]", "1e9999999", "-0", "\"\\ud800\"", "\"\\u0000\""),
                Arbitraries.bigIntegers().map(String::valueOf));
        Arbitrary<String> name = Arbitraries.of("event_id", "user_id", "waiting_token", "x", "");
        return Combinators.combine(name, value)
                .as((n, v) -> quoted(n) + ":" + v)
                .list()
                .ofMaxSize(4)
                .map(fields -> "{" + String.join(",", fields) + "}");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Random text, and valid tokens with one character changed. */
    @Provide
    Arbitrary<String> tokens() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Arbitrary<String> junk = Arbitraries.strings().withChars(alphabet).ofMaxLength(1_200);
        String good = gateway().token("evt");
        Arbitrary<String> altered = Combinators.combine(
                        Arbitraries.integers().between(0, good.length() - 1),
                        Arbitraries.chars().with(alphabet))
                .filter((at, c) -> good.charAt(at) != c)
                .as((at, c) -> good.substring(0, at) + c + good.substring(at + 1));
        Arbitrary<String> cut =
                Arbitraries.integers().between(0, good.length() - 1).map(length -> good.substring(0, length));
        return Arbitraries.oneOf(List.of(junk, altered, cut));
    }

    @Provide
    Arbitrary<String> headerNames() {
        return Arbitraries.of(
                "Idempotency-Key",
                "Authorization",
                "Prefer",
                "traceparent",
                "Origin",
                "Content-Type",
                "Accept-Encoding",
                "Expect",
                "Upgrade",
                "Cookie",
                "X-Forwarded-For");
    }

    @Provide
    Arbitrary<String> headerValues() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(200);
    }
}
