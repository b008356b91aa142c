package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.EventReader;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.gateway.http.HttpLimits;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.site.PageSettings;
import dev.waitingroom.queue.site.SiteSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The server implements all of openapi.yaml, and nothing else. */
class ContractTest {
    private static final String EVENT = "evt";
    private static final Unavailability DOWN =
            new Unavailability(Unavailability.Cause.REDIS_UNREACHABLE, "no answer", Duration.ofSeconds(1));

    /** Everyone enters while Redis is away. */
    private static final SiteSettings OPEN = new SiteSettings(
            Optional.empty(), Duration.ofMinutes(5), SiteSettings.DEFAULT.session(), PageSettings.DEFAULT);

    private final Contract contract = Contract.load();

    @Test
    void everyDocumentedAnswerIsGiven() {
        try (TestGateway gateway = new TestGateway()) {
            FakeRoom room = gateway.registry.add(EVENT);

            join(gateway, room);
            status(gateway, room);
            stream(gateway, room);
            admit(gateway, room, "/api/v1/queue/admit");
            admit(gateway, room, "/api/v1/queue/enter");
            leave(gateway, room, "DELETE");
            leave(gateway, room, "POST");
            session(gateway, room);
            slowBodies(gateway);
            page(gateway, room);
            verify(gateway, room);
            info(gateway);
            tooMany(gateway, contract.operations());

            gateway.answers.forEach(contract::check);
            Set<String> outcomes = new TreeSet<>();
            gateway.answers.forEach(answer -> outcomes.add(Contract.outcome(answer)));
            assertThat(outcomes).isEqualTo(contract.outcomes());
        }
    }

    @Test
    void everyRouteIsDocumented() {
        try (TestGateway gateway = new TestGateway()) {
            Set<String> served = new TreeSet<>();
            for (Route route : gateway.routes()) {
                for (String method : route.allow().split(", ", -1)) {
                    // HEAD and OPTIONS follow from the others, by RFC 9110.
                    if (!method.equals("HEAD") && !method.equals("OPTIONS")) {
                        served.add(method + " " + route.path());
                    }
                }
            }

            assertThat(served).isEqualTo(contract.operations());
        }
    }

    @Test
    void documentIsServedUnchanged() throws Exception {
        try (TestGateway gateway = new TestGateway();
                var file = ContractTest.class.getResourceAsStream("/openapi.yaml")) {
            assertThat(file).isNotNull();

            assertThat(gateway.get("/openapi.yaml").body())
                    .isEqualTo(new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private static void join(TestGateway gateway, FakeRoom room) {
        String path = "/api/v1/queue/join";
        String body = "{\"event_id\":\"evt\"}";
        gateway.post(path, body);
        room.joins = FakeRoom.done(new JoinOutcome.Admitted(
                FakeRoom.ticket(EVENT), new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2))));
        gateway.post(path, "{\"event_id\":\"evt\",\"admit\":true}");
        gateway.post(path, "{\"event_id\":\"evt\",\"admit\":\"yes\"}");
        gateway.post(path, "{");
        gateway.post(path, "{\"event_id\":\"other\"}");
        gateway.post(path, "x".repeat(9_000));
        gateway.send("POST", path, body, "Content-Type", "text/plain");
        room.joins = FakeRoom.done(new JoinOutcome.Rejected("closed"));
        gateway.post(path, body);
        room.joins = FakeRoom.done(new JoinOutcome.Full(5));
        gateway.post(path, body);
        room.joins = FakeRoom.done(new JoinOutcome.Unavailable(DOWN));
        gateway.post(path, body);
    }

    private static void session(TestGateway gateway, FakeRoom room) {
        String path = "/api/v1/queue/session";
        Optional<Policy> unlimited = room.policy;
        gateway.send("DELETE", path, "");
        room.policy =
                unlimited.map(policy -> policy.withCap(Optional.of(new SessionCap(500, Duration.ofSeconds(600)))));
        room.sessions = FakeRoom.done(new SessionOutcome.Unavailable(DOWN));
        String cookie = gateway.sessions.start(FakeRoom.ticket(EVENT), FakeRoom.NOW, Duration.ofSeconds(600), false);
        gateway.send("DELETE", path, "", "Cookie", cookie.substring(0, cookie.indexOf(';')));
        room.policy = unlimited;
    }

    private static void status(TestGateway gateway, FakeRoom room) {
        String path = "/api/v1/queue/status";
        gateway.get(path + "?token=" + gateway.token(EVENT));
        for (State state : State.values()) {
            room.status = FakeRoom.gone(state);
            gateway.get(path + "?token=" + gateway.token(EVENT));
        }
        gateway.get(path);
        gateway.get(path + "?token=junk");
        gateway.get(path + "?token=" + gateway.token("other"));
        var read = room.policy;
        room.policy = Optional.empty();
        gateway.get(path + "?token=" + gateway.token(EVENT));
        room.policy = read;
    }

    private static void stream(TestGateway gateway, FakeRoom room) {
        String path = "/api/v1/queue/stream";
        String query = "?token=" + gateway.token(EVENT);
        room.status = FakeRoom.waiting(3);
        try (EventReader stream = gateway.stream(query)) {
            gateway.answers.add(stream.answer(path + query));
        }
        room.status = FakeRoom.gone(State.ADMITTED);
        gateway.get(path + query);
        gateway.get(path);
        gateway.get(path + "?token=junk");
        gateway.get(path + "?token=" + gateway.token("other"));
        var read = room.policy;
        room.policy = Optional.empty();
        gateway.get(path + query);
        room.policy = read;
    }

    private static void admit(TestGateway gateway, FakeRoom room, String path) {
        String query = "?token=" + gateway.token(EVENT);
        room.admits = FakeRoom.done(new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2)));
        gateway.post(path + query, "");
        room.admits = FakeRoom.done(new AdmitOutcome.NotYet(FakeRoom.waiting(9), Duration.ofSeconds(2)));
        gateway.post(path + query, "");
        room.admits = FakeRoom.done(new AdmitOutcome.BucketEmpty(FakeRoom.waiting(1), Duration.ofSeconds(1)));
        gateway.post(path + query, "");
        room.admits = FakeRoom.done(new AdmitOutcome.Gone(State.EXPIRED));
        gateway.post(path + query, "");
        room.admits = FakeRoom.done(new AdmitOutcome.Unavailable(DOWN));
        gateway.post(path + query, "");
        gateway.post(path, "{}");
        gateway.post(path, "{\"waiting_token\":\"junk\"}");
        gateway.post(path + "?token=" + gateway.token("other"), "");
        gateway.post(path, "x".repeat(9_000));
        gateway.send("POST", path, "x", "Content-Type", "text/html");
    }

    private static void leave(TestGateway gateway, FakeRoom room, String method) {
        String path = "/api/v1/queue/leave";
        String query = "?token=" + gateway.token(EVENT);
        room.leaves = FakeRoom.done(new LeaveOutcome.Left());
        gateway.send(method, path + query, "");
        room.leaves = FakeRoom.done(new LeaveOutcome.Unavailable(DOWN));
        gateway.send(method, path + query, "");
        gateway.send(method, path, "");
        gateway.send(method, path + "?token=junk", "");
        gateway.send(method, path + "?token=" + gateway.token("other"), "");
        gateway.send(method, path + query, "x".repeat(9_000));
        gateway.send(method, path, "{}", "Content-Encoding", "gzip");
    }

    private static void page(TestGateway gateway, FakeRoom room) {
        String path = "/waiting/evt";
        gateway.get(path, "If-None-Match", gateway.get(path).header("ETag"));
        gateway.get("/waiting/unknown");
        var read = room.policy;
        room.policy = Optional.empty();
        gateway.get(path);
        room.policy = read;
        room.joins = FakeRoom.done(new JoinOutcome.Full(5));
        gateway.form(path, "action=join");
        gateway.form(path, "action=join", "Accept", "application/json");
        room.status = FakeRoom.waiting(42);
        String cookie = "wrt-evt=" + gateway.token("evt");
        gateway.form(path, "action=handover", "Cookie", cookie);
        gateway.form(path, "action=handover", "Cookie", cookie, "Accept", "application/json");
        gateway.form(path, "action=dance");
        gateway.form(path, "action=join", "Sec-Fetch-Site", "cross-site");
        gateway.form("/waiting/%20", "action=join");
        gateway.form(path, "x".repeat(9_000));
        gateway.post(path, "{}");
        gateway.get(path + "/logo");
        gateway.pageSettings = TestGateway.withLogo();
        gateway.get(path + "/logo", "If-None-Match", gateway.get(path + "/logo").header("ETag"));
        gateway.pageSettings = PageSettings.DEFAULT;
    }

    private static void verify(TestGateway gateway, FakeRoom room) {
        String browser = "text/html";
        for (String dialect : List.of("nginx", "forward", "envoy")) {
            String path = "/verify/" + dialect + "/evt";
            gateway.get(path);
            gateway.get(path, "Accept", browser);
            room.site = OPEN;
            gateway.registry.silence = Duration.ofSeconds(30);
            gateway.get(path);
            gateway.registry.silence = Duration.ZERO;
            room.site = SiteSettings.DEFAULT;
        }
    }

    private static void slowBodies(TestGateway gateway) {
        try (TestGateway impatient = new TestGateway(new HttpLimits(
                Duration.ofMillis(200), Duration.ofMinutes(1), Duration.ofMinutes(1), 1_000, 1_000_000))) {
            for (String call : List.of("POST join", "POST admit", "POST enter", "POST leave", "DELETE leave")) {
                String method = call.substring(0, call.indexOf(' '));
                String path = "/api/v1/queue/" + call.substring(call.indexOf(' ') + 1);
                String wire = impatient.rawAndNoMore(
                        method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{");
                gateway.answers.add(Answer.parse(method, path, wire));
            }
            String form = impatient.rawAndNoMore("POST /waiting/evt HTTP/1.1\r\nHost: x\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\na");
            gateway.answers.add(Answer.parse("POST", "/waiting/evt", form));
        }
    }

    private static void tooMany(TestGateway gateway, Set<String> operations) {
        try (TestGateway strict = new TestGateway(TestGateway.LIMITS, 1)) {
            String[] visitor = {"X-Forwarded-For", "203.0.113.7"};
            while (strict.get("/version", visitor).status() == 200) {}
            for (String operation : operations) {
                if (operation.contains(" /verify/")) {
                    continue; // a proxy asks, and no limit counts it
                }
                String[] methodAndPath = operation.replace("{event_id}", EVENT).split(" ", 2);
                Answer answer = strict.send(methodAndPath[0], methodAndPath[1], "", visitor);
                while (answer.status() != 429) { // the bucket fills again where this takes long
                    answer = strict.send(methodAndPath[0], methodAndPath[1], "", visitor);
                }
                gateway.answers.add(answer);
            }
        }
    }

    private static void info(TestGateway gateway) {
        gateway.get("/.well-known/jwks.json");
        gateway.get("/openapi.yaml");
        gateway.get("/version");
        gateway.get("/healthz");
        gateway.registry.ready = false;
        gateway.get("/readyz");
        gateway.get("/");
        gateway.registry.ready = true;
        gateway.get("/readyz");
        gateway.get("/");
    }
}
