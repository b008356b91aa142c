package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Json;
import dev.waitingroom.gateway.session.SessionCheck;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.gateway.session.SessionPlaces;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.room.SessionOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Ends the sessions of a visitor: that of one event, or all that the request carries. The place goes with its session: it is admitted
 * already, and would lead in again without a wait. In a room with {@code maxActive} a session ends in
 * Redis first, so that its place is free.
 */
final class SessionEndpoint implements Endpoint {
    private static final String NAME = "session";
    private static final String EVENT_ID = "event_id";

    /** A session of a room with places, that is to end. */
    private record Ending(Room room, CompletableFuture<SessionOutcome> outcome) {}

    private final RoomRegistry registry;
    private final SessionIssuer sessions;
    private final RoomCaller caller;

    SessionEndpoint(RoomRegistry registry, SessionIssuer sessions, RoomCaller caller) {
        this.registry = registry;
        this.sessions = sessions;
        this.caller = caller;
    }

    @Override
    public void handle(Exchange x) {
        Optional<String> one = x.head().queryParameter(EVENT_ID);
        List<String> wanted = VisitorCookie.SESSION.events(x.head().cookies(), x.secure()).stream()
                .filter(event -> one.isEmpty() || one.get().equals(event))
                .toList();
        List<Ending> endings = endings(x, wanted);
        CompletableFuture<Void> all =
                CompletableFuture.allOf(endings.stream().map(Ending::outcome).toArray(CompletableFuture[]::new));
        if (all.isDone()) {
            answer(x, wanted, endings);
        } else {
            x.await(all, done -> answer(x, wanted, endings));
        }
    }

    private List<Ending> endings(Exchange x, List<String> events) {
        List<Ending> endings = new ArrayList<>();
        for (Room room : registry.rooms()) {
            if (events.contains(room.eventId())) {
                end(x, room).ifPresent(stage -> endings.add(new Ending(room, stage.toCompletableFuture())));
            }
        }
        return endings;
    }

    private Optional<CompletionStage<SessionOutcome>> end(Exchange x, Room room) {
        Optional<Policy> policy = room.policy();
        return VisitorCookie.SESSION
                .value(x.head().cookies(), room.eventId(), x.secure())
                .filter(value -> policy.isPresent())
                .map(value ->
                        sessions.verify(value, room.eventId(), policy.get().incarnation()))
                .flatMap(check -> check instanceof SessionCheck.Valid(var session)
                        ? SessionPlaces.end(room, session)
                        : Optional.empty());
    }

    private void answer(Exchange x, List<String> events, List<Ending> endings) {
        for (Ending ending : endings) {
            if (ending.outcome().join() instanceof SessionOutcome.Unavailable(var why)) {
                caller.answerUnavailable(new RoomCall(x, NAME, ending.room(), Optional.empty()), why);
                return;
            }
        }
        List<String> cookies = x.head().cookies();
        for (String event : events) {
            for (VisitorCookie cookie : VisitorCookie.values()) {
                if (cookie.value(cookies, event, x.secure()).isPresent()) {
                    x.setCookie(cookie.delete(event, x.secure()));
                }
            }
        }
        x.answer(200, new Json().field("status", "ended").end());
    }
}
