package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.FakeRoom;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.room.Unavailability;
import dev.waitingroom.queue.room.VisitorKey;
import dev.waitingroom.queue.ticket.DecodedTicket;
import dev.waitingroom.queue.ticket.Ticket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueApiTest {
    private static final String EVENT = "evt_2025_1001";
    private static TestGateway gateway;
    private FakeRoom room;
    private String token;

    @BeforeAll
    static void start() {
        gateway = new TestGateway();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void openRoom() {
        gateway.registry.rooms.clear();
        gateway.registry.settled = true;
        gateway.registry.deleted = OptionalLong.empty();
        room = gateway.registry.add(EVENT);
        token = gateway.token(EVENT);
    }

    private static String eventBody(String more) {
        return "{\"event_id\":\"" + EVENT + "\"" + more + "}";
    }

    private String tokenBody() {
        return "{\"waiting_token\":\"" + token + "\"}";
    }

    // --- join ---

    @Test
    void joinReturnsATokenForThePlace() {
        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(gateway.tokens.decode(answer.text("waiting_token")))
                .isEqualTo(new DecodedTicket.Valid(FakeRoom.ticket(EVENT)));
        assertThat(answer.number("position_hint")).isEqualTo(42);
        assertThat(answer.number("eta_sec")).isEqualTo(5);
        assertThat(answer.text("status")).isEqualTo("waiting");
        assertThat(answer.number("poll_after_ms")).isEqualTo(1_100);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(room.keys).containsExactly(Optional.empty());
    }

    @Test
    void joinIdentifiesAVisitorByUserIdElseByIdempotencyKey() {
        gateway.post("/api/v1/queue/join", eventBody(",\"user_id\":\"ünal\""), "Idempotency-Key", "k 1");
        gateway.post("/api/v1/queue/join", eventBody(",\"user_id\":null"), "Idempotency-Key", "k 1");

        assertThat(room.keys)
                .containsExactly(
                        Optional.of(new VisitorKey(VisitorKey.Kind.USER_ID, "ünal")),
                        Optional.of(new VisitorKey(VisitorKey.Kind.IDEMPOTENCY_KEY, "k 1")));
        assertThat(room.subjects).containsExactly(Optional.of("ünal"), Optional.empty());
    }

    @Test
    void joinWithAWaitingTokenReturnsTheSamePlace() {
        Answer byBody = gateway.post("/api/v1/queue/join", eventBody(",\"waiting_token\":\"" + token + "\""));
        Answer byHeader = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token);

        assertThat(byBody.status()).isEqualTo(202);
        assertThat(byBody.text("waiting_token")).isEqualTo(token);
        assertThat(byHeader.text("waiting_token")).isEqualTo(token);
        assertThat(room.keys).isEmpty();
    }

    @Test
    void joinThatAsksForItIsAdmittedAtOnce() throws Exception {
        AdmitOutcome.Granted grant = new AdmitOutcome.Granted(FakeRoom.NOW, Duration.ofMinutes(2));
        room.joins = FakeRoom.done(new JoinOutcome.Admitted(FakeRoom.ticket(EVENT), grant));

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(",\"admit\":true"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(gateway.tokens.decode(answer.text("waiting_token")))
                .isEqualTo(new DecodedTicket.Valid(FakeRoom.ticket(EVENT)));
        assertThat(answer.text("admission")).isEqualTo("granted");
        assertThat(answer.number("ttl_sec")).isEqualTo(120);
        assertThat(SignedJWT.parse(answer.text("reservation_token"))
                        .getJWTClaimsSet()
                        .getAudience())
                .containsExactly(EVENT);
        assertThat(room.asksToAdmit).containsExactly(true);
    }

    @Test
    void joinThatAsksToBeAdmittedWaitsBehindOthers() {
        Answer answer = gateway.post("/api/v1/queue/join", eventBody(",\"admit\":true"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.number("position_hint")).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"admit\":false", ",\"admit\":null"})
    void joinDoesNotAdmitUnlessAsked(String more) {
        gateway.post("/api/v1/queue/join", eventBody(more));

        assertThat(room.asksToAdmit).containsExactly(false);
    }

    @Test
    void joinWithTheTokenOfAnAdmissionReturnsItIfAsked() {
        room.status = FakeRoom.gone(TicketStatus.State.ADMITTED);

        Answer again =
                gateway.post("/api/v1/queue/join", eventBody(",\"admit\":true"), "Authorization", "Bearer " + token);
        Answer anew = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("waiting_token")).isEqualTo(token);
        assertThat(again.text("admission")).isEqualTo("granted");
        assertThat(anew.status()).isEqualTo(202);
        assertThat(room.keys).as("joined for a new place").hasSize(1);
        assertThat(room.waits).containsExactly(Duration.ZERO);
    }

    @Test
    void joinWithTheTokenOfAnAdmissionThatIsOverTakesANewPlace() {
        room.status = FakeRoom.gone(TicketStatus.State.ADMITTED);
        room.admits = FakeRoom.done(new AdmitOutcome.Gone(TicketStatus.State.EXPIRED));

        Answer answer =
                gateway.post("/api/v1/queue/join", eventBody(",\"admit\":true"), "Authorization", "Bearer " + token);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(room.asksToAdmit).containsExactly(true);
    }

    @Test
    void joinWithATokenIs503UntilTheLineIsRead() {
        room.policy = Optional.empty();

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token);

        assertProblem(answer, 503, "STARTING", "not read the line yet");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(room.keys).as("joined for a second place").isEmpty();
    }

    @Test
    void joinWithATokenWaitsUntilRedisSettlesThePlace() {
        CompletableFuture<Void> said = new CompletableFuture<>();
        room.unsettled = Optional.of(said);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(
                () -> gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token));
        await().until(() -> said.getNumberOfDependents() > 0);
        assertThat(room.keys).isEmpty();

        room.status = FakeRoom.gone(State.LEFT);
        room.unsettled = Optional.empty();
        said.complete(null);

        assertThat(answer.join().status()).isEqualTo(202);
        assertThat(room.keys).hasSize(1);
    }

    @Test
    void joinWithATokenIs503IfRedisDoesNotSettleThePlaceInTime() {
        room.unsettled = Optional.of(CompletableFuture.runAsync(() -> {}));

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token);

        assertProblem(answer, 503, "UNAVAILABLE", "places are kept");
        assertThat(room.keys).as("joined for a second place").isEmpty();
    }

    @Test
    void joinWithATokenOfALostPlaceGetsANewPlace() {
        room.status = FakeRoom.gone(State.EXPIRED);

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(room.keys).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"other-event", "earlier-room", "junk"})
    void joinWithAForeignTokenGetsANewPlace(String which) {
        gateway.registry.add("other");
        String foreign = switch (which) {
            case "other-event" -> gateway.token("other");
            case "earlier-room" -> gateway.tokens.encode(new Ticket(EVENT, 6, 5, FakeRoom.NOW, Optional.empty()));
            default -> "junk";
        };

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + foreign);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(room.keys).hasSize(1);
        assertThat(room.asked).isEmpty();
    }

    @Test
    void joinOfAFullRoomGetsRetryAfter() {
        room.joins = FakeRoom.done(new JoinOutcome.Full(1_000));

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""));

        assertProblem(answer, 503, "QUEUE_FULL", "1000");
        assertThat(answer.header("Retry-After")).isEqualTo("10");
    }

    @Test
    void joinWhileJoinsAreClosedGetsTheOwnersMessage() {
        room.joins = FakeRoom.done(new JoinOutcome.Rejected("Ab 12 Uhr \"wieder\"\n"));

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""));

        assertProblem(answer, 403, "JOINS_CLOSED", "Ab 12 Uhr \"wieder\"\n");
        assertThat(answer.header("Retry-After")).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Unavailability.Cause.class)
    void failedCallIs503WithRetryAfterAndNoInternals(Unavailability.Cause cause) {
        Unavailability why = new Unavailability(cause, "secret detail", Duration.ofMillis(1_200));
        room.joins = FakeRoom.done(new JoinOutcome.Unavailable(why));
        room.admits = FakeRoom.done(new AdmitOutcome.Unavailable(why));
        room.leaves = FakeRoom.done(new LeaveOutcome.Unavailable(why));

        for (Answer answer : new Answer[] {
            gateway.post("/api/v1/queue/join", eventBody("")),
            gateway.post("/api/v1/queue/admit", tokenBody()),
            gateway.send("DELETE", "/api/v1/queue/leave?token=" + token, "")
        }) {
            String code = switch (cause) {
                case REDIS_UNREACHABLE, REDIS_REFUSED, NO_POLICY -> "UNAVAILABLE";
                case RECOVERING -> "RECOVERING";
                case OVERLOADED -> "OVERLOADED";
            };
            assertProblem(answer, 503, code, "");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.body()).doesNotContain("secret");
        }
    }

    // --- status ---

    @Test
    void statusReturnsThePosition() {
        Answer answer = gateway.get("/api/v1/queue/status?token=" + token);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"status\":\"waiting\",\"position\":42,\"eta_sec\":5,\"eta_known\":true,\"eta_range\":[4,6],"
                                + "\"waiting_time\":4,\"ready_for_entry\":false,\"poll_after_ms\":1100,"
                                + "\"as_of\":\"2026-11-24T12:00:00.250Z\"}");
        assertThat(room.asked).containsExactly(FakeRoom.ticket(EVENT));
    }

    @Test
    void statusAcceptsTheTokenInTheHeader() {
        Answer answer = gateway.get("/api/v1/queue/status", "Authorization", "bearer " + token);

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void statusOfARoomOnHoldHasNoEta() {
        room.status = new TicketStatus(
                State.WAITING, 3, Optional.empty(), Duration.ZERO, false, true, Duration.ofSeconds(5), FakeRoom.NOW);

        Answer answer = gateway.get("/api/v1/queue/status?token=" + token);

        assertThat(answer.json())
                .containsEntry("on_hold", true)
                .containsEntry("eta_known", false)
                .doesNotContainKey("eta_range");
        assertThat(answer.number("eta_sec")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ADMITTED,admitted", "EXPIRED,expired", "LEFT,left", "CLOSED,closed"})
    void statusOfAnEndedPlaceIs200(State state, String word) {
        room.status = FakeRoom.gone(state);

        Answer answer = gateway.get("/api/v1/queue/status?token=" + token);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("status")).isEqualTo(word);
        assertThat(answer.number("position")).isZero();
    }

    @Test
    void statusIs503UntilTheLineIsRead() {
        room.policy = Optional.empty();

        Answer answer = gateway.get("/api/v1/queue/status?token=" + token);

        assertProblem(answer, 503, "STARTING", "not read the line yet");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void statusWaitsUntilRedisSettlesThePlace() {
        CompletableFuture<Void> said = new CompletableFuture<>();
        room.unsettled = Optional.of(said);
        CompletableFuture<Answer> answer =
                CompletableFuture.supplyAsync(() -> gateway.get("/api/v1/queue/status?token=" + token));
        await().until(() -> said.getNumberOfDependents() > 0);
        assertThat(answer).isNotDone();

        room.status = FakeRoom.gone(State.ADMITTED);
        room.unsettled = Optional.empty();
        said.complete(null);

        assertThat(answer.join().text("status")).isEqualTo("admitted");
    }

    @Test
    void statusIs503IfRedisDoesNotSettleThePlaceInTime() {
        room.unsettled = Optional.of(CompletableFuture.runAsync(() -> {}));

        Answer answer = gateway.get("/api/v1/queue/status?token=" + token);

        assertProblem(answer, 503, "UNAVAILABLE", "places are kept");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(room.asked).isEmpty();
    }

    @Test
    void ticketOfADeletedRoomIsClosedInANewRoomOfItsName() {
        room.policy = Optional.of(FakeRoom.policy(EVENT, FakeRoom.INCARNATION + 1));

        assertThat(gateway.get("/api/v1/queue/status?token=" + token).text("status"))
                .isEqualTo("closed");
        assertProblem(gateway.post("/api/v1/queue/admit", tokenBody()), 410, "CLOSED", "");
        assertThat(gateway.send("DELETE", "/api/v1/queue/leave?token=" + token, "")
                        .status())
                .isEqualTo(200);
        assertThat(room.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ticketOfADeletedRoomIsClosed(boolean settled) {
        gateway.registry.rooms.clear();
        gateway.registry.deleted = OptionalLong.of(FakeRoom.INCARNATION);
        gateway.registry.settled = settled;

        assertThat(gateway.get("/api/v1/queue/status?token=" + token).text("status"))
                .isEqualTo("closed");
        assertProblem(gateway.post("/api/v1/queue/admit", tokenBody()), 410, "CLOSED", "");
        assertThat(gateway.send("DELETE", "/api/v1/queue/leave?token=" + token, "")
                        .status())
                .isEqualTo(200);
        assertProblem(gateway.post("/api/v1/queue/join", eventBody("")), 404, "UNKNOWN_EVENT", "event_id");
        assertProblem(
                gateway.post("/api/v1/queue/join", eventBody(""), "Authorization", "Bearer " + token),
                404,
                "UNKNOWN_EVENT",
                "event_id");
    }

    @Test
    void joinDuringTheDeletionOfTheRoomIs404() {
        room.joins = FakeRoom.done(new JoinOutcome.Closed());

        assertProblem(gateway.post("/api/v1/queue/join", eventBody("")), 404, "UNKNOWN_EVENT", "event_id");
    }

    @Test
    void ticketOfARecreatedRoomIsNotClosed() {
        Ticket ofTheNewRoom =
                new Ticket(EVENT, FakeRoom.INCARNATION + 1, 2_000_001, FakeRoom.NOW.minusMillis(500), Optional.empty());
        String young = gateway.tokens.encode(ofTheNewRoom);

        assertProblem(gateway.get("/api/v1/queue/status?token=" + young), 503, "STARTING", "places are kept");
        gateway.registry.rooms.clear();
        gateway.registry.deleted = OptionalLong.of(FakeRoom.INCARNATION);
        assertProblem(gateway.get("/api/v1/queue/status?token=" + young), 503, "STARTING", "places are kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%", "%zz", "a.b", "..", "%00", "%F0%9F%8E%AB"})
    void foreignTokenIs401(String foreign) {
        Answer status = gateway.rawGet("/api/v1/queue/status?token=" + foreign);

        assertProblem(status, 401, "INVALID_TOKEN", "");
        assertThat(status.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void alteredTokenIs401() {
        String altered = (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1);

        assertProblem(gateway.get("/api/v1/queue/status?token=" + altered), 401, "INVALID_TOKEN", "");
        assertProblem(
                gateway.post("/api/v1/queue/admit", "{\"waiting_token\":\"" + altered + "\"}"),
                401,
                "INVALID_TOKEN",
                "");
        assertProblem(gateway.send("DELETE", "/api/v1/queue/leave?token=" + altered, ""), 401, "INVALID_TOKEN", "");
    }

    // --- admit ---

    @ParameterizedTest
    @ValueSource(strings = {"admit", "enter"})
    void admitReturnsAReservationThatThePublishedKeysVerify(String name) throws Exception {
        Ticket ticket = new Ticket(EVENT, FakeRoom.INCARNATION, 77, FakeRoom.NOW, Optional.of("u1"));
        token = gateway.tokens.encode(ticket);

        Answer answer = gateway.post("/api/v1/queue/" + name, tokenBody());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("admission")).isEqualTo("granted");
        assertThat(answer.number("ttl_sec")).isEqualTo(120);
        assertThat(answer.text("expires_at")).isEqualTo("2026-11-24T12:02:00Z");
        SignedJWT jwt = SignedJWT.parse(answer.text("reservation_token"));
        JWKSet keys = JWKSet.parse(gateway.get("/.well-known/jwks.json").body());
        assertThat(jwt.verify(new ECDSAVerifier(
                        keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly(EVENT);
        assertThat(jwt.getJWTClaimsSet().getSubject()).isEqualTo("u1");
        assertThat(jwt.getJWTClaimsSet().getIssueTime().toInstant()).isEqualTo("2026-11-24T11:59:30Z");
        assertThat(jwt.getJWTClaimsSet().getExpirationTime().toInstant()).isEqualTo("2026-11-24T12:02:00Z");
    }

    /** The bytes differ, since ES256 signs with a random number. */
    @Test
    void repeatedAdmitReturnsTheSameReservation() throws Exception {
        Answer first = gateway.post("/api/v1/queue/admit", tokenBody());
        Answer second = gateway.post("/api/v1/queue/admit", tokenBody());

        assertThat(second.text("expires_at")).isEqualTo(first.text("expires_at"));
        SignedJWT one = SignedJWT.parse(first.text("reservation_token"));
        SignedJWT other = SignedJWT.parse(second.text("reservation_token"));
        assertThat(other.getJWTClaimsSet().getJWTID())
                .isEqualTo(one.getJWTClaimsSet().getJWTID());
        assertThat(other.getHeader().toString()).isEqualTo(one.getHeader().toString());
        assertThat(other.getPayload().toString()).isEqualTo(one.getPayload().toString());
    }

    @Test
    void admitAcceptsTheTokenWithoutABody() {
        assertThat(gateway.send("POST", "/api/v1/queue/admit?token=" + token, "")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.send("POST", "/api/v1/queue/admit", "", "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void admitWaitsAsPreferredUpToTwoSeconds() {
        gateway.post("/api/v1/queue/admit", tokenBody());
        gateway.post("/api/v1/queue/admit", tokenBody(), "Prefer", "wait=0");
        gateway.post("/api/v1/queue/admit", tokenBody(), "Prefer", "respond-async, Wait = \"1\"");
        gateway.post("/api/v1/queue/admit", tokenBody(), "Prefer", "wait=600");
        gateway.post("/api/v1/queue/admit", tokenBody(), "Prefer", "wait=soon");

        assertThat(room.waits)
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(2));
    }

    @Test
    void admitBeforeTheTurnReturnsThePosition() {
        room.admits = FakeRoom.done(new AdmitOutcome.NotYet(FakeRoom.waiting(42), Duration.ofMillis(3_001)));

        Answer answer = gateway.post("/api/v1/queue/admit", tokenBody());

        assertProblem(answer, 403, "NOT_READY", "others are ahead of you");
        assertHasPosition(answer);
    }

    @Test
    void admitOfTheFirstInTheLineDoesNotMentionOthers() {
        room.admits = FakeRoom.done(new AdmitOutcome.NotYet(FakeRoom.waiting(1), Duration.ofSeconds(1)));

        Answer answer = gateway.post("/api/v1/queue/admit", tokenBody());

        assertProblem(answer, 403, "NOT_READY", "you are next");
        assertThat(answer.text("detail")).doesNotContain("others");
    }

    @Test
    void admitWithoutAFreeAdmissionReturnsThePosition() {
        room.admits = FakeRoom.done(new AdmitOutcome.BucketEmpty(FakeRoom.waiting(42), Duration.ofMillis(3_001)));

        Answer answer = gateway.post("/api/v1/queue/admit", tokenBody());

        assertProblem(answer, 409, "NO_TOKEN", "");
        assertHasPosition(answer);
    }

    private static void assertHasPosition(Answer answer) {
        assertThat(answer.header("Retry-After")).isEqualTo("4");
        assertThat(answer.number("position")).isEqualTo(42);
        assertThat(answer.number("eta_sec")).isEqualTo(5);
        assertThat(answer.number("poll_after_ms")).isEqualTo(1_100);
    }

    @ParameterizedTest
    @CsvSource({"EXPIRED,EXPIRED", "LEFT,LEFT", "CLOSED,CLOSED"})
    void admitOfALostPlaceIs410(State state, String code) {
        room.admits = FakeRoom.done(new AdmitOutcome.Gone(state));

        assertProblem(gateway.post("/api/v1/queue/admit", tokenBody()), 410, code, "");
    }

    // --- leave ---

    @Test
    void leaveWorksByDeleteAndByBeacon() {
        Answer delete = gateway.send("DELETE", "/api/v1/queue/leave?token=" + token, "");
        Answer beacon = gateway.send(
                "POST", "/api/v1/queue/leave?token=" + token, "{not json", "Content-Type", "text/plain;charset=UTF-8");

        assertThat(delete.body()).isEqualTo("{\"status\":\"left\"}");
        assertThat(beacon.body()).isEqualTo("{\"status\":\"left\"}");
        assertThat(room.asked).hasSize(2);
    }

    /** In the bodies ~ stands for a line end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/plain;charset=UTF-8 | {\"waiting_token\":\"TOKEN\"}",
                "application/json | {\"waiting_token\":\"TOKEN\",\"reason\":[1]}",
                "application/x-www-form-urlencoded | waiting_token=TOKEN",
                "application/x-www-form-urlencoded;charset=UTF-8 | a=b&waiting_token=TOKEN&c",
                "multipart/form-data; boundary=\"x y\" | --x y~Content-Disposition: form-data; name=\"waiting_token\"~~TOKEN~--x y--~",
                "multipart/form-data; boundary=----AbC | ------AbC~Content-Disposition: form-data; name=\"a\"~~1~------AbC~"
                        + "Content-Disposition: form-data; name=\"waiting_token\"~~TOKEN~------AbC--~"
            })
    void leaveReadsTheTokenFromTheBodyOfABeacon(String type, String body) {
        String sent = body.replace("~", "\r\n").replace("TOKEN", token);

        Answer answer = gateway.send("POST", "/api/v1/queue/leave", sent, "Content-Type", type);

        assertThat(answer.body()).isEqualTo("{\"status\":\"left\"}");
        assertThat(room.asked).containsExactly(FakeRoom.ticket(EVENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text/plain                          | {\"token\":\"x\"}",
                "text/plain                          | x",
                "application/json                    | {\"waiting_token\":7}",
                "application/x-www-form-urlencoded   | token=x",
                "multipart/form-data                 | --x",
                "multipart/form-data; boundary=x     | --x--"
            })
    void leaveWithoutATokenIs400AndSaysWhereToPutIt(String type, String body) {
        Answer answer = gateway.send("POST", "/api/v1/queue/leave", body, "Content-Type", type);

        assertProblem(answer, 400, "MISSING_FIELD", "waiting_token in the body");
    }

    // --- invalid requests ---

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                             | MALFORMED_JSON | empty",
                "{                                              | MALFORMED_JSON | well-formed",
                "[]                                             | MALFORMED_JSON | object",
                "null                                           | MALFORMED_JSON | object",
                "{\"event_id\":\"e\"} {}                        | MALFORMED_JSON | continues",
                "{\"event_id\":\"e\",\"event_id\":\"f\"}        | MALFORMED_JSON | well-formed",
                "{}                                             | MISSING_FIELD  | event_id",
                "{\"event_id\":null}                            | MISSING_FIELD  | event_id",
                "{\"event_id\":\"\"}                            | INVALID_FIELD  | event_id",
                "{\"event_id\":5}                               | INVALID_FIELD  | event_id",
                "{\"event_id\":{}}                              | INVALID_FIELD  | event_id",
                "{\"event_id\":\"evt_2025_1001\",\"user_id\":7} | INVALID_FIELD  | user_id",
                "{\"event_id\":\"evt_2025_1001\",\"user_id\":\"\"} | INVALID_FIELD | user_id",
                "{\"event_id\":\"evt_2025_1001\",\"user_id\":\"\\u0000\"} | INVALID_FIELD | user_id",
                "{\"event_id\":\"evt_2025_1001\",\"user_id\":\"\\ud800\"} | INVALID_FIELD | user_id",
                "{\"event_id\":\"evt_2025_1001\",\"waiting_token\":[]} | INVALID_FIELD | waiting_token",
                "{\"event_id\":\"evt_2025_1001\",\"admit\":\"true\"} | INVALID_FIELD | admit must be true or false",
                "{\"event_id\":\"evt_2025_1001\",\"admit\":1} | INVALID_FIELD | admit must be true or false",
                "{\"event_id\":\"evt_2025_1001\",\"admit\":{}} | INVALID_FIELD | admit must be true or false"
            })
    void invalidBodyIs400AndNamesTheFault(String body, String code, String named) {
        assertProblem(gateway.post("/api/v1/queue/join", body), 400, code, named);
    }

    @Test
    void tooLongFieldsAre400() {
        String tooLong = "x".repeat(129);

        assertProblem(
                gateway.post("/api/v1/queue/join", "{\"event_id\":\"" + tooLong + "\"}"),
                400,
                "INVALID_FIELD",
                "event_id");
        assertProblem(
                gateway.post("/api/v1/queue/join", eventBody(",\"user_id\":\"" + tooLong + "\"")),
                400,
                "INVALID_FIELD",
                "user_id");
        assertProblem(
                gateway.post("/api/v1/queue/join", eventBody(""), "Idempotency-Key", tooLong),
                400,
                "INVALID_FIELD",
                "Idempotency-Key");
    }

    @Test
    void lengthsAreCountedInCodePoints() {
        String emojis = "\uD83C\uDFAB".repeat(128);

        assertThat(gateway.post("/api/v1/queue/join", eventBody(",\"user_id\":\"" + emojis + "\""))
                        .status())
                .isEqualTo(202);
        assertThat(room.subjects).containsExactly(Optional.of(emojis));
        assertProblem(
                gateway.post("/api/v1/queue/join", eventBody(",\"user_id\":\"" + emojis + "x\"")),
                400,
                "INVALID_FIELD",
                "1..128 characters, not 129");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d\\ude00", "\uD83D\uDE00", "\\u0041", "\\ud83d"})
    void unknownFieldMayHaveAnyName(String name) {
        Answer answer = gateway.post("/api/v1/queue/join", eventBody(",\"" + name + "\":1"));

        assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    void bodyThatIsNotUtf8Is400() {
        String body = eventBody(",\"user_id\":\"?\"");
        byte[] latin1 = body.replace('?', '\u00fc').getBytes(StandardCharsets.ISO_8859_1);
        byte[] marked = ("\uFEFF" + body).getBytes(StandardCharsets.UTF_8);

        assertThat(rawJoin(latin1).text("code")).isEqualTo("MALFORMED_JSON");
        assertThat(rawJoin(marked).status()).isEqualTo(202);
    }

    private static Answer rawJoin(byte[] body) {
        byte[] head = ("POST /api/v1/queue/join HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return Answer.parse("POST", "/api/v1/queue/join", gateway.raw(all));
    }

    @Test
    void unknownFieldsAreIgnored() {
        Answer answer = gateway.post("/api/v1/queue/join", eventBody(",\"device\":{\"os\":[1,2,{}]},\"x\":1e999"));

        assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    void missingTokenIs400() {
        assertProblem(gateway.get("/api/v1/queue/status"), 400, "MISSING_FIELD", "token");
        assertProblem(gateway.get("/api/v1/queue/status?tokens=x"), 400, "MISSING_FIELD", "token");
        assertProblem(gateway.post("/api/v1/queue/admit", "{}"), 400, "MISSING_FIELD", "waiting_token");
        assertProblem(gateway.send("DELETE", "/api/v1/queue/leave", ""), 400, "MISSING_FIELD", "token");
    }

    @Test
    void unknownEventIs404() {
        String foreign = gateway.token("elsewhere");

        assertProblem(
                gateway.post("/api/v1/queue/join", "{\"event_id\":\"elsewhere\"}"), 404, "UNKNOWN_EVENT", "event_id");
        assertProblem(gateway.get("/api/v1/queue/status?token=" + foreign), 404, "UNKNOWN_EVENT", "");
        assertProblem(
                gateway.post("/api/v1/queue/admit", "{\"waiting_token\":\"" + foreign + "\"}"),
                404,
                "UNKNOWN_EVENT",
                "");
        assertProblem(gateway.send("DELETE", "/api/v1/queue/leave?token=" + foreign, ""), 404, "UNKNOWN_EVENT", "");
    }

    @Test
    void ticketOfAnEventThatIsNotKnownYetIs503() {
        String elsewhere = gateway.token("elsewhere");
        String joinElsewhere = "{\"event_id\":\"elsewhere\"}";
        gateway.registry.settled = false;

        for (Answer answer : List.of(
                gateway.get("/api/v1/queue/status?token=" + elsewhere),
                gateway.post("/api/v1/queue/admit", "{\"waiting_token\":\"" + elsewhere + "\"}"),
                gateway.send("DELETE", "/api/v1/queue/leave?token=" + elsewhere, ""),
                gateway.post("/api/v1/queue/join", joinElsewhere, "Authorization", "Bearer " + elsewhere))) {
            assertProblem(answer, 503, "STARTING", "places are kept");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
        }
        assertProblem(gateway.post("/api/v1/queue/join", joinElsewhere), 404, "UNKNOWN_EVENT", "event_id");
        assertProblem(
                gateway.post("/api/v1/queue/join", joinElsewhere, "Authorization", "Bearer " + token),
                404,
                "UNKNOWN_EVENT",
                "event_id");
    }

    @Test
    void joinIs503UntilAnyEventIsKnown() {
        gateway.registry.rooms.clear();
        gateway.registry.settled = false;

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""));

        assertProblem(answer, 503, "STARTING", "places are kept");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        gateway.registry.settled = true;
        assertProblem(gateway.post("/api/v1/queue/join", eventBody("")), 404, "UNKNOWN_EVENT", "event_id");
    }

    @Test
    void bodyAboveEightKilobytesIs413() {
        String most = eventBody(
                ",\"x\":\"" + "y".repeat(8_192 - eventBody(",\"x\":\"\"").length()) + "\"");

        assertThat(gateway.post("/api/v1/queue/join", most).status()).isEqualTo(202);
        assertProblem(gateway.post("/api/v1/queue/join", most + " "), 413, "BODY_TOO_LARGE", "8192");
        assertProblem(gateway.post("/api/v1/queue/join", "z".repeat(3_000_000)), 413, "BODY_TOO_LARGE", "8192");
        assertProblem(
                gateway.send("POST", "/api/v1/queue/leave?token=" + token, "z".repeat(10_000)),
                413,
                "BODY_TOO_LARGE",
                "8192");
    }

    @Test
    void bodyOfAnotherTypeIs415() {
        assertProblem(
                gateway.send("POST", "/api/v1/queue/join", eventBody(""), "Content-Type", "text/plain"),
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                "application/json");
        assertThat(gateway.send(
                                "POST",
                                "/api/v1/queue/join",
                                eventBody(""),
                                "Content-Type",
                                "Application/JSON; charset=utf-8")
                        .status())
                .isEqualTo(202);
        assertThat(gateway.send("POST", "/api/v1/queue/join", eventBody("")).status())
                .isEqualTo(202);
    }

    @Test
    void wrongMethodIs405WithAllow() {
        Answer answer = gateway.get("/api/v1/queue/join");

        assertProblem(answer, 405, "METHOD_NOT_ALLOWED", "POST");
        assertThat(answer.header("Allow")).isEqualTo("POST, OPTIONS");
        assertThat(gateway.send("PUT", "/api/v1/queue/status", "").header("Allow"))
                .isEqualTo("GET, HEAD, OPTIONS");
        assertThat(gateway.send("BREW", "/api/v1/queue/leave", "").status()).isEqualTo(405);
    }

    @Test
    void unknownPathIs404() {
        assertProblem(gateway.get("/api/v1/queue/statuses"), 404, "NOT_FOUND", "");
        assertProblem(gateway.get("/metrics"), 404, "NOT_FOUND", "");
        assertProblem(gateway.get("/api/v1/queue//status"), 404, "NOT_FOUND", "");
    }

    @Test
    void problemHasTheCallersTraceId() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        assertThat(gateway.get("/nowhere", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .text("trace_id"))
                .isEqualTo(trace);
        assertThat(gateway.get("/nowhere", "traceparent", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")
                        .text("trace_id"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo("0".repeat(32));
    }

    @Test
    void unexpectedFailureIs500WithoutInternals() {
        room.joins = CompletableFuture.failedFuture(new IllegalStateException("secret"));

        Answer answer = gateway.post("/api/v1/queue/join", eventBody(""));

        assertProblem(answer, 500, "INTERNAL", "trace_id");
        assertThat(answer.body()).doesNotContain("secret");
    }

    private static void assertProblem(Answer answer, int status, String code, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("type"))
                .isEqualTo("urn:waitingroom:problem:"
                        + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        assertThat(answer.number("status")).isEqualTo(status);
        assertThat(answer.text("detail")).contains(detail);
        assertThat(answer.text("trace_id")).matches("[0-9a-f]{32}");
    }
}
