package dev.waitingroom.chaos.site;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.chaos.history.Event;
import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.Event.Told;
import dev.waitingroom.chaos.history.History;
import dev.waitingroom.chaos.history.Outcome;
import dev.waitingroom.chaos.history.SessionEvent;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.queue.ticket.DecodedTicket;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.CallObserver;
import dev.waitingroom.testkit.visitors.Operation;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Records the calls of crowds as a history. Thread-safe. */
public final class Recorder implements CallObserver {
    private final TicketCodec codec;
    private final UnaryOperator<String> processOf;
    private final List<Event> events = new ArrayList<>();
    private final List<SessionEvent> sessions = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Long> tickets = new ConcurrentHashMap<>();

    /** @param processOf gives the name of the process that serves an address now */
    public Recorder(TicketCodec codec, UnaryOperator<String> processOf) {
        this.codec = codec;
        this.processOf = processOf;
    }

    @Override
    public synchronized void completed(Call call) {
        calls.add(call);
        events.addAll(events(call));
    }

    /**
     * Records a call about a session.
     *
     * @param event makes it, for the process at that address
     */
    public synchronized void completed(URI gateway, Function<String, SessionEvent> event) {
        sessions.add(event.apply(processOf.apply(address(gateway))));
    }

    /** The history so far. */
    public synchronized History history() {
        return new History(events, sessions);
    }

    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The ticket number of a token, 0 if it is not a valid one. */
    public long ticket(String token) {
        return tickets.computeIfAbsent(token, text -> switch (codec.decode(text)) {
            case DecodedTicket.Valid valid -> valid.ticket().number();
            case DecodedTicket.Invalid invalid -> 0L;
        });
    }

    private List<Event> events(Call call) {
        Span span = new Span(micros(call.invoked()), Math.max(micros(call.invoked()), micros(call.completed())));
        String process = processOf.apply(address(call.gateway()));
        String visitor = "v" + call.visitor();
        Event event = switch (call.operation()) {
            case Operation.Join join ->
                new Event(join.admit() ? Kind.ENTER : Kind.JOIN, span, process, visitor, 0, outcome(call), told(call));
            case Operation.Poll(String token) ->
                new Event(Kind.POLL, span, process, visitor, ticket(token), outcome(call), told(call));
            case Operation.Admit(String token) ->
                new Event(Kind.ADMIT, span, process, visitor, ticket(token), outcome(call), told(call));
            case Operation.Leave(String token) ->
                new Event(Kind.LEAVE, span, process, visitor, ticket(token), outcome(call), told(call));
        };
        return call.answer() instanceof Answer.Entered(String token, Answer.Admitted admission)
                ? List.of(event, new Event(Kind.ADMIT, span, process, visitor, ticket(token), granted(admission)))
                : List.of(event);
    }

    private Outcome outcome(Call call) {
        return switch (call.answer()) {
            case Answer.Joined joined -> took(joined.token());
            case Answer.Entered entered -> took(entered.token());
            case Answer.Standing standing -> stands(standing);
            case Answer.Admitted admitted -> granted(admitted);
            case Answer.Left left -> new Outcome.Left();
            case Answer.Refused refused -> refused(call.operation(), refused);
            case Answer.Unreadable unreadable -> new Outcome.Unexpected(unreadable.status() + ": " + unreadable.why());
            case Answer.Lost lost -> new Outcome.Nothing();
        };
    }

    private static Told told(Call call) {
        return switch (call.answer()) {
            case Answer.Joined joined ->
                new Told(
                        joined.position(),
                        OptionalLong.of(micros(joined.eta())),
                        OptionalLong.of(micros(joined.pollAfter())));
            case Answer.Standing standing
            when standing.waiting() ->
                new Told(
                        standing.position(),
                        standing.eta()
                                .map(Recorder::micros)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty()),
                        OptionalLong.of(micros(standing.pollAfter())));
            case Answer.Refused refused ->
                new Told(
                        0,
                        OptionalLong.empty(),
                        refused.retryAfter()
                                .map(Recorder::micros)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty()));
            case Answer.Standing over -> Told.NOTHING;
            case Answer.Entered entered -> Told.NOTHING;
            case Answer.Admitted admitted -> Told.NOTHING;
            case Answer.Left left -> Told.NOTHING;
            case Answer.Unreadable unreadable -> Told.NOTHING;
            case Answer.Lost lost -> Told.NOTHING;
        };
    }

    private Outcome took(String token) {
        long ticket = ticket(token);
        return ticket == 0 ? new Outcome.Unexpected("a token that is none") : new Outcome.Took(ticket);
    }

    private static Outcome stands(Answer.Standing standing) {
        long asOf = micros(standing.asOf());
        return switch (standing.state()) {
            case "waiting" -> new Outcome.Waiting(standing.position(), standing.ready(), standing.onHold(), asOf);
            case "admitted" -> new Outcome.Over(Outcome.State.ADMITTED, asOf);
            case "expired" -> new Outcome.Over(Outcome.State.EXPIRED, asOf);
            case "left" -> new Outcome.Over(Outcome.State.LEFT, asOf);
            case "closed" -> new Outcome.Over(Outcome.State.CLOSED, asOf);
            default -> new Outcome.Unexpected("no such status: " + standing.state());
        };
    }

    private static Outcome granted(Answer.Admitted admitted) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(admitted.reservationToken()).getJWTClaimsSet();
            Optional<String> id = Optional.ofNullable(claims.getJWTID());
            Optional<Date> issued = Optional.ofNullable(claims.getIssueTime());
            return id.isEmpty() || issued.isEmpty()
                    ? new Outcome.Unexpected("a reservation without jti or iat")
                    // iat is earlier than the grant, for verifiers whose clocks are behind.
                    : new Outcome.Granted(
                            id.get(), admitted.expiresAt().minus(admitted.ttl()).getEpochSecond());
        } catch (ParseException e) {
            return new Outcome.Unexpected("a reservation that is none");
        }
    }

    private static Outcome refused(Operation operation, Answer.Refused refused) {
        return switch (refused.code()) {
            case "UNAVAILABLE", "RECOVERING", "OVERLOADED", "STARTING", "DRAINING" ->
                new Outcome.Unavailable(refused.retryAfter().isPresent());
            case "QUEUE_FULL", "JOINS_CLOSED" -> new Outcome.Refused();
            case "NOT_READY", "NO_TOKEN" -> new Outcome.Denied();
            case "EXPIRED", "LEFT", "CLOSED" -> new Outcome.Gone();
            // While the list is restored after a loss, a new visitor may be told that the room does not exist; a
            // visitor with a place may not.
            case "UNKNOWN_EVENT" -> operation instanceof Operation.Join ? new Outcome.Refused() : new Outcome.Gone();
            default ->
                new Outcome.Unexpected("%d %s: %s".formatted(refused.status(), refused.code(), refused.detail()));
        };
    }

    public static String address(URI gateway) {
        return gateway.getHost() + ":" + gateway.getPort();
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
