package dev.waitingroom.chaos.site;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.waitingroom.chaos.history.Event;
import dev.waitingroom.chaos.history.Event.Kind;
import dev.waitingroom.chaos.history.History;
import dev.waitingroom.chaos.history.Outcome;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.dev.visitors.Answer;
import dev.waitingroom.dev.visitors.Call;
import dev.waitingroom.dev.visitors.CallObserver;
import dev.waitingroom.dev.visitors.Operation;
import dev.waitingroom.queue.ticket.DecodedTicket;
import dev.waitingroom.queue.ticket.TicketCodec;
import java.net.URI;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Makes a history of what crowds do. Thread-safe. */
public final class Recorder implements CallObserver {
    private final TicketCodec codec;
    private final UnaryOperator<String> processOf;
    private final List<Event> events = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Long> tickets = new ConcurrentHashMap<>();

    /** @param processOf the name of the process that serves this address now */
    public Recorder(TicketCodec codec, UnaryOperator<String> processOf) {
        this.codec = codec;
        this.processOf = processOf;
    }

    @Override
    public synchronized void completed(Call call) {
        calls.add(call);
        events.add(event(call));
    }

    /** What was seen so far. */
    public synchronized History history() {
        return new History(events);
    }

    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The number of the ticket that this token is. */
    public long ticket(String token) {
        return tickets.computeIfAbsent(token, text -> switch (codec.decode(text)) {
            case DecodedTicket.Valid valid -> valid.ticket().number();
            case DecodedTicket.Invalid invalid -> throw new AssertionError("a token that is none: " + invalid.reason());
        });
    }

    private Event event(Call call) {
        Span span = new Span(micros(call.invoked()), Math.max(micros(call.invoked()), micros(call.completed())));
        String process = processOf.apply(address(call.gateway()));
        String visitor = "v" + call.visitor();
        return switch (call.operation()) {
            case Operation.Join join -> new Event(Kind.JOIN, span, process, visitor, 0, outcome(call));
            case Operation.Poll(String token) ->
                new Event(Kind.POLL, span, process, visitor, ticket(token), outcome(call));
            case Operation.Admit(String token) ->
                new Event(Kind.ADMIT, span, process, visitor, ticket(token), outcome(call));
            case Operation.Leave(String token) ->
                new Event(Kind.LEAVE, span, process, visitor, ticket(token), outcome(call));
        };
    }

    private Outcome outcome(Call call) {
        return switch (call.answer()) {
            case Answer.Joined joined -> new Outcome.Took(ticket(joined.token()));
            case Answer.Standing standing ->
                standing.waiting()
                        ? new Outcome.Waiting(
                                standing.position(), standing.ready(), standing.onHold(), micros(standing.asOf()))
                        : new Outcome.Over(state(standing.state()), micros(standing.asOf()));
            case Answer.Admitted admitted -> granted(admitted);
            case Answer.Left left -> new Outcome.Left();
            case Answer.Refused refused -> refused(call.operation(), refused);
            case Answer.Lost lost -> new Outcome.Nothing();
        };
    }

    private static Outcome granted(Answer.Admitted admitted) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(admitted.reservationToken()).getJWTClaimsSet();
            return new Outcome.Granted(
                    claims.getJWTID(), claims.getIssueTime().toInstant().getEpochSecond());
        } catch (ParseException e) {
            throw new AssertionError("a reservation that is none", e);
        }
    }

    private static Outcome refused(Operation operation, Answer.Refused refused) {
        return switch (refused.code()) {
            case "UNAVAILABLE", "RECOVERING", "OVERLOADED", "STARTING", "DRAINING" ->
                new Outcome.Unavailable(refused.retryAfter().isPresent());
            case "QUEUE_FULL", "JOINS_CLOSED" -> new Outcome.Refused();
            case "NOT_READY", "NO_TOKEN" -> new Outcome.Denied();
            case "EXPIRED", "LEFT", "CLOSED" -> new Outcome.Gone();
            // While the list is put back after a loss a newcomer may be told that there is no such room; who has a
            // place may not.
            case "UNKNOWN_EVENT" -> operation instanceof Operation.Join ? new Outcome.Refused() : new Outcome.Gone();
            default -> throw new AssertionError("unexpected answer to " + operation + ": " + refused);
        };
    }

    private static Outcome.State state(String name) {
        return switch (name) {
            case "admitted" -> Outcome.State.ADMITTED;
            case "expired" -> Outcome.State.EXPIRED;
            case "left" -> Outcome.State.LEFT;
            case "closed" -> Outcome.State.CLOSED;
            default -> throw new AssertionError("no such status: " + name);
        };
    }

    public static String address(URI gateway) {
        return gateway.getHost() + ":" + gateway.getPort();
    }

    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
