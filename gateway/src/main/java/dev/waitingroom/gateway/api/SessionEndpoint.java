package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Json;
import dev.waitingroom.gateway.session.VisitorCookie;
import java.util.List;
import java.util.Optional;

/**
 * Ends the sessions of a visitor: that of one event, or all that the request carries. The place goes with its session: it is admitted
 * already, and would lead in again without a wait.
 */
final class SessionEndpoint implements Endpoint {
    private static final String EVENT_ID = "event_id";

    @Override
    public void handle(Exchange x) {
        List<String> cookies = x.head().cookies();
        Optional<String> wanted = x.head().queryParameter(EVENT_ID);
        for (String event : VisitorCookie.SESSION.events(cookies, x.secure())) {
            if (wanted.isEmpty() || wanted.get().equals(event)) {
                for (VisitorCookie cookie : VisitorCookie.values()) {
                    if (cookie.value(cookies, event, x.secure()).isPresent()) {
                        x.setCookie(cookie.delete(event, x.secure()));
                    }
                }
            }
        }
        x.answer(200, new Json().field("status", "ended").end());
    }
}
