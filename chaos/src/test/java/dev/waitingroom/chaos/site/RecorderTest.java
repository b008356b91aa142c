package dev.waitingroom.chaos.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.chaos.history.Event;
import dev.waitingroom.chaos.history.Outcome;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.Operation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private final Recorder recorder;
    private final String token;

    RecorderTest(@TempDir Path directory) throws Exception {
        SiteKeys keys = SiteKeys.make(directory);
        recorder = new Recorder(keys.tickets(), address -> address);
        token = keys.tickets().encode(new Ticket("sale", 7, 42, NOW, Optional.empty()));
    }

    private static long micros(long millis) {
        return Recorder.micros(NOW.plusMillis(millis));
    }

    private Outcome outcome(Operation operation, Answer answer) {
        recorder.completed(new Call(1, URI.create("http://127.0.0.1:8080"), operation, NOW, NOW.plusMillis(3), answer));
        return recorder.history().events().getLast().outcome();
    }

    private static Answer problem(int status, String code) {
        return new Answer.Refused(status, code, "", Optional.of(Duration.ofSeconds(1)));
    }

    @Test
    void whoHasAPlaceAndHearsThatThereIsNoSuchRoomHasLostIt() {
        Answer unknown = problem(404, "UNKNOWN_EVENT");

        assertThat(outcome(new Operation.Poll(token), unknown)).isEqualTo(new Outcome.Gone());
        assertThat(outcome(new Operation.Admit(token), unknown)).isEqualTo(new Outcome.Gone());
    }

    @Test
    void answerThatNoVisitorShouldGetIsKept() {
        assertThat(outcome(new Operation.Poll(token), problem(500, "INTERNAL")))
                .isEqualTo(new Outcome.Unexpected("500 INTERNAL: "));
        assertThat(outcome(new Operation.Leave(token), problem(401, "INVALID_TOKEN")))
                .isEqualTo(new Outcome.Unexpected("401 INVALID_TOKEN: "));
        assertThat(outcome(new Operation.Poll(token), new Answer.Unreadable(500, "no JSON")))
                .isEqualTo(new Outcome.Unexpected("500: no JSON"));
        assertThat(outcome(new Operation.Poll(token), standing("asleep")))
                .isEqualTo(new Outcome.Unexpected("no such status: asleep"));
        assertThat(outcome(new Operation.Admit(token), new Answer.Admitted("x", Duration.ofMinutes(1), NOW)))
                .isEqualTo(new Outcome.Unexpected("a reservation that is none"));
    }

    /** A token with a wrong signature is an unexpected answer, and the visitor goes on with it. */
    @Test
    void callsWithATokenThatIsNoneAreKept() {
        Answer joined = new Answer.Joined("x", 1, Duration.ZERO, Duration.ZERO);

        assertThat(outcome(new Operation.Join("sale", Optional.empty(), Optional.empty()), joined))
                .isEqualTo(new Outcome.Unexpected("a token that is none"));
        assertThat(outcome(new Operation.Poll("x"), problem(401, "INVALID_TOKEN")))
                .isEqualTo(new Outcome.Unexpected("401 INVALID_TOKEN: "));
    }

    @Test
    void joinThatIsAdmittedIsAJoinAndAnAdmit() throws Exception {
        Operation join = new Operation.Join("sale", Optional.empty(), Optional.empty(), true);
        SignedJWT reservation = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder().jwtID("r").issueTime(Date.from(NOW)).build());
        reservation.sign(new MACSigner(new byte[32]));
        Answer.Admitted admission =
                new Answer.Admitted(reservation.serialize(), Duration.ofMinutes(1), NOW.plusSeconds(60));

        outcome(join, new Answer.Entered(token, admission));

        assertThat(recorder.history().events())
                .extracting(Event::kind, Event::ticket, Event::outcome)
                .containsExactly(
                        tuple(Event.Kind.ENTER, 0L, new Outcome.Took(42)),
                        tuple(Event.Kind.ADMIT, 42L, new Outcome.Granted("r", NOW.getEpochSecond())));
        assertThat(recorder.history().events()).extracting(Event::span).containsOnly(new Span(micros(0), micros(3)));
    }

    private static Answer standing(String state) {
        return new Answer.Standing(state, 0, Optional.empty(), Duration.ZERO, false, false, Duration.ofSeconds(1), NOW);
    }

    @Test
    void whoIsAskedToWaitHasNot() {
        assertThat(outcome(new Operation.Poll(token), problem(503, "STARTING")))
                .isEqualTo(new Outcome.Unavailable(true));
    }
}
