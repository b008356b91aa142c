package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.gateway.protect.Verdict;
import dev.waitingroom.gateway.protect.VisitorRequest;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.room.RoomRegistry;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers a proxy that speaks one dialect. */
final class CheckEndpoint implements Endpoint {
    private static final AsciiString NO_STORE = AsciiString.cached("no-store");

    /** The event ids that an object can have. They stand for themselves in a path. */
    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

    /** The page of no event says that there is none. */
    private static final String NO_EVENT = "-";

    private final Dialect dialect;
    private final RoomRegistry registry;
    private final RouteCheck check;
    private final SessionIssuer sessions;

    CheckEndpoint(Dialect dialect, RoomRegistry registry, RouteCheck check, SessionIssuer sessions) {
        this.dialect = dialect;
        this.registry = registry;
        this.check = check;
        this.sessions = sessions;
    }

    @Override
    public void handle(Exchange x) {
        String eventId = x.head().pathVariable();
        OriginalRequest original = dialect.original(x.head());
        boolean secure = dialect.secure(x);
        Optional<ProtectedRoom> room = registry.room(eventId).map(ProtectedRoom::of);
        if (room.isEmpty()) {
            dialect.refuse(x, EVENT_ID.matcher(eventId).matches() ? eventId : NO_EVENT, original);
            return;
        }
        VisitorRequest request = new VisitorRequest(
                original.path(), x.head().headers(), x.head()::client, secure, original.isPreflight());
        switch (check.judge(room.get(), request, x.head().bearerToken())) {
            case Verdict.Admitted admitted -> {
                sessions.renewal(admitted.session(), room.get().site().session(), secure)
                        .ifPresent(x::setCookie);
                admit(x, room.get());
            }
            case Verdict.Passes _ -> admit(x, room.get());
            case Verdict.Waits _ -> dialect.refuse(x, eventId, original);
        }
    }

    /** Exactly 200: some proxies take 204 for a refusal. */
    private void admit(Exchange x, ProtectedRoom room) {
        dialect.admit(x, room);
        x.header(HttpHeaders.CACHE_CONTROL, NO_STORE);
        x.answerEmpty(200);
    }
}
