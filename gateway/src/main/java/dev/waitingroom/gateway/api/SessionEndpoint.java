package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Json;
import dev.waitingroom.gateway.session.VisitorCookie;
import java.util.List;

/** Ends the sessions of a visitor: that of one event, or all that the request carries. */
final class SessionEndpoint implements Endpoint {
    private static final String EVENT_ID = "event_id";

    @Override
    public void handle(Exchange x) {
        List<String> names = VisitorCookie.SESSION.names(x.head().cookies(), x.secure());
        x.head()
                .queryParameter(EVENT_ID)
                .map(event -> VisitorCookie.SESSION.name(event, x.secure()))
                .map(wanted -> names.stream().filter(wanted::equals).toList())
                .orElse(names)
                .forEach(name -> x.setCookie(VisitorCookie.delete(name)));
        x.answer(200, new Json().field("status", "ended").end());
    }
}
