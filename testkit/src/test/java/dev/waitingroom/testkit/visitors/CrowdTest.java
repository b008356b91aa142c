package dev.waitingroom.testkit.visitors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.waitingroom.testkit.visitors.Crowd.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private final VisitorClient client = new VisitorClient(64, Duration.ofSeconds(5));
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger joined = new AtomicInteger();
    private final Map<String, Integer> polls = new ConcurrentHashMap<>();
    private HttpServer server;
    private URI gateway;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.createContext("/api/v1/queue/", this::answer);
        server.start();
        gateway = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    /** Calls everyone at their third poll, and lets nobody in before. */
    private void answer(HttpExchange x) throws IOException {
        String call = x.getRequestURI().getPath().substring("/api/v1/queue/".length());
        String body = new String(x.getRequestBody().readAllBytes(), UTF_8);
        String token = String.valueOf(x.getRequestURI().getQuery()).replace("token=", "");
        switch (call) {
            case "join" -> {
                if (body.contains("\"admit\":true")) {
                    reply(x, 200, """
                            {"waiting_token":"t%d","admission":"granted","reservation_token":"r","ttl_sec":120,
                             "expires_at":"2026-11-24T10:02:00Z"}
                            """.formatted(joined.incrementAndGet()));
                } else {
                    reply(
                            x,
                            202,
                            "{\"waiting_token\":\"t%d\",\"position_hint\":1,\"eta_sec\":2,\"poll_after_ms\":5}"
                                    .formatted(joined.incrementAndGet()));
                }
            }
            case "status" -> reply(x, 200, """
                        {"status":"waiting","position":1,"eta_sec":1,"eta_known":true,"waiting_time":0,
                         "ready_for_entry":%s,"poll_after_ms":5,"as_of":"2026-11-24T10:00:00Z"}
                        """.formatted(polls.merge(token, 1, Integer::sum) >= 3));
            case "admit" -> {
                String who = body.replaceAll(".*\"(t\\d+)\".*", "$1");
                if (polls.getOrDefault(who, 0) == 3) { // the first try finds no token
                    polls.put(who, 4);
                    x.getResponseHeaders().set("Retry-After", "0");
                    reply(x, 409, "{\"code\":\"NO_TOKEN\",\"detail\":\"later\"}");
                } else {
                    reply(x, 200, """
                            {"admission":"granted","reservation_token":"r","ttl_sec":120,"expires_at":"2026-11-24T10:02:00Z"}
                            """);
                }
            }
            case "leave" -> reply(x, 200, "{\"status\":\"left\"}");
            default -> reply(x, 404, "no such call");
        }
    }

    private static void reply(HttpExchange x, int status, String body) throws IOException {
        try (x) {
            byte[] bytes = body.getBytes(UTF_8);
            x.sendResponseHeaders(status, bytes.length);
            x.getResponseBody().write(bytes);
        }
    }

    private Crowd.Figures play(Behaviour behaviour, URI... gateways) throws Exception {
        try (Crowd crowd =
                Crowd.start(client, List.of(gateways), "evt", behaviour, InstantSource.system(), calls::add)) {
            return crowd.finished().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void anotherComesForEachWhoIsAdmitted() {
        try (Crowd crowd = Crowd.keep(
                client, List.of(gateway), "evt", Behaviour.patient(5, 1_000), InstantSource.system(), calls::add)) {
            await().until(() -> crowd.figures().ended(End.ADMITTED) >= 20);

            assertThat(crowd.figures().active()).isBetween(0, 5);
            assertThat(crowd.finished().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void patientVisitorsAllEnterOnceTheirTurnComes() throws Exception {
        Crowd.Figures figures = play(Behaviour.patient(50, 1_000), gateway);

        assertThat(figures.ended()).isEqualTo(Map.of(End.ADMITTED, 50));
        assertThat(calls).allSatisfy(call -> assertThat(call.invoked()).isBeforeOrEqualTo(call.completed()));
        assertThat(calls.stream().filter(call -> call.answer() instanceof Answer.Refused))
                .hasSize(50)
                .allSatisfy(call -> assertThat(call.answer())
                        .isEqualTo(new Answer.Refused(409, "NO_TOKEN", "later", java.util.Optional.of(Duration.ZERO))));
    }

    @Test
    void everyHabitIsThereAndTheSeedSaysWhoHasWhich() throws Exception {
        Behaviour mixed = Behaviour.patient(200, 5_000)
                .withAbsent(0.3)
                .withLeavers(0.2)
                .withSleepers(0.2, Duration.ofMillis(50))
                .withNamed(0.5);
        Map<End, Integer> first = play(mixed, gateway).ended();
        calls.clear();
        Map<End, Integer> second = play(mixed, gateway).ended();

        assertThat(first.get(End.ABSENT)).isBetween(40, 80);
        assertThat(first.get(End.LEFT)).isBetween(20, 60);
        assertThat(second).isEqualTo(first);
        assertThat(calls.stream()
                        .map(Call::operation)
                        .filter(operation -> operation instanceof Operation.Join join
                                && join.userId().isPresent()))
                .hasSizeBetween(70, 130);
    }

    @Test
    void visitorsWhoAskForItMayEnterWithTheirJoin() throws Exception {
        Crowd.Figures figures = play(Behaviour.patient(100, 5_000).withAdmit(0.5), gateway);

        assertThat(figures.ended(End.ADMITTED)).isEqualTo(100);
        assertThat(calls.stream().filter(call -> call.answer() instanceof Answer.Entered))
                .hasSizeBetween(30, 70)
                .allSatisfy(call -> assertThat(call.operation())
                        .isInstanceOfSatisfying(
                                Operation.Join.class,
                                join -> assertThat(join.admit()).isTrue()));
    }

    @Test
    void visitorGoesToTheNextGatewayWhereOneIsDead() throws Exception {
        Crowd.Figures figures = play(Behaviour.patient(4, 1_000), gateway, URI.create("http://127.0.0.1:1"));

        assertThat(figures.ended(End.ADMITTED)).isEqualTo(4);
        assertThat(calls.stream().collect(Collectors.partitioningBy(call -> call.answer() instanceof Answer.Lost)))
                .allSatisfy((lost, of) -> assertThat(of).isNotEmpty());
    }

    @Test
    void answerThatIsNotOfTheApiIsUnreadable() throws Exception {
        Answer answer = client.call(URI.create(gateway + "/"), new Operation.Poll("t\"&?"))
                .toCompletableFuture()
                .get();
        server.removeContext("/api/v1/queue/");
        Answer gone = client.call(gateway, new Operation.Poll("t"))
                .toCompletableFuture()
                .get();

        assertThat(answer).isInstanceOf(Answer.Standing.class);
        assertThat(gone)
                .isInstanceOfSatisfying(
                        Answer.Unreadable.class,
                        unreadable -> assertThat(unreadable.status()).isEqualTo(404));
    }

    @Test
    void otherRequestIsSentAsItIs() throws Exception {
        server.createContext("/page", x -> {
            x.getResponseHeaders().add("Set-Cookie", "a=1");
            x.getResponseHeaders().add("Set-Cookie", "b=2");
            reply(
                    x,
                    201,
                    x.getRequestMethod() + " " + x.getRequestHeaders().getFirst("Cookie") + " "
                            + new String(x.getRequestBody().readAllBytes(), UTF_8));
        });
        HttpCall call = new HttpCall("POST", "/page", Map.of("Cookie", "c=3"), "x=4");

        assertThat(client.send(gateway, call).toCompletableFuture().get())
                .contains(new HttpAnswer(201, List.of("a=1", "b=2"), "POST c=3 x=4"));
        assertThat(client.send(URI.create("http://127.0.0.1:1"), call)
                        .toCompletableFuture()
                        .get())
                .isEmpty();
    }

    @Test
    void callThatItsObserverDoesNotBearIsOverAllTheSame() {
        CallObserver failing = call -> {
            calls.add(call);
            throw new IllegalStateException("a mistake in the observer");
        };

        try (Crowd crowd = Crowd.start(
                client, List.of(gateway), "evt", Behaviour.patient(1, 1_000), InstantSource.system(), failing)) {
            await().until(() -> !calls.isEmpty());
            await().until(crowd::underWay, underWay -> underWay == 0);
        }
    }
}
