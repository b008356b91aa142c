package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.protect.ProtectedRoom;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;

/** Answers a proxy that speaks one dialect. */
final class CheckEndpoint implements Endpoint {
    private static final AsciiString NO_STORE = AsciiString.cached("no-store");

    private final Dialect dialect;
    private final RouteCheck check;

    CheckEndpoint(Dialect dialect, RouteCheck check) {
        this.dialect = dialect;
        this.check = check;
    }

    @Override
    public void handle(Exchange x) {
        OriginalRequest original = dialect.original(x.head());
        Question question = new Question(
                x.head().pathVariable(), original, x.head().headers(), x.head()::client, dialect.secure(x));
        CompletableFuture<Outcome> outcome = check.answer(question);
        if (outcome.isDone()) {
            answer(x, original, outcome.join());
        } else {
            x.await(outcome, done -> answer(x, original, done));
        }
    }

    private void answer(Exchange x, OriginalRequest original, Outcome outcome) {
        switch (outcome) {
            case Outcome.Passes passes -> {
                passes.cookie().ifPresent(x::setCookie);
                admit(x, passes.room());
            }
            case Outcome.Waits waits -> dialect.refuse(x, waits.eventId(), original);
        }
    }

    /** Exactly 200: some proxies take 204 for a refusal. */
    private void admit(Exchange x, ProtectedRoom room) {
        dialect.admit(x, room);
        x.header(HttpHeaders.CACHE_CONTROL, NO_STORE);
        x.answerEmpty(200);
    }
}
