package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.QueueProblem;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.BeaconBody;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The form of the page: joins, enters or leaves. */
final class FormEndpoint implements Endpoint {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ACTION = "action";
    private static final String RETURN = "return";
    private static final String KEY = "key";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final VisitorPlaces places;
    private final PageViews views;
    private final JoinAction join;
    private final EnterAction enter;
    private final LeaveAction leave;

    FormEndpoint(VisitorPlaces places, PageViews views, JoinAction join, EnterAction enter, LeaveAction leave) {
        this.places = places;
        this.views = views;
        this.join = join;
        this.enter = enter;
        this.leave = leave;
    }

    @Override
    public void handle(Exchange x) {
        String eventId = VisitorPlaces.eventId(x);
        VisitorPlaces.requireSameOrigin(x);
        if (!x.body().contentType().startsWith(FORM)) {
            throw Problem.of(HttpProblem.UNSUPPORTED_MEDIA_TYPE, "send " + FORM).exception();
        }
        x.body().uncompressed(body -> submitted(x, eventId, body));
    }

    private void submitted(Exchange x, String eventId, byte[] body) {
        String action = BeaconBody.field(FORM, body, ACTION).orElse("");
        FormAnswer answer = new FormAnswer(x, views.request(x, eventId, BeaconBody.field(FORM, body, RETURN)));
        Optional<String> key = BeaconBody.field(FORM, body, KEY);
        switch (action) {
            case "join" -> find(answer).ifPresent(found -> join.run(answer, found, key));
            case "enter" ->
                find(answer).ifPresent(found -> withPlace(answer, found, place -> enter.run(answer, place)));
            case "leave" ->
                find(answer).ifPresent(found -> withPlace(answer, found, place -> leave.run(answer, place)));
            default ->
                throw Problem.of(HttpProblem.INVALID_FIELD, "action must be join, enter or leave")
                        .exception();
        }
    }

    /** Answers if the room is unknown, or not known yet. */
    private Optional<VisitorPlace> find(FormAnswer answer) {
        try {
            return Optional.of(places.find(answer.exchange(), answer.request().eventId()));
        } catch (ProblemException e) {
            boolean gone = e.problem().type() == QueueProblem.UNKNOWN_EVENT;
            answer.bare(
                    gone ? PageState.OVER : PageState.BUSY,
                    "",
                    e.problem().retryAfter().orElse(RETRY));
            return Optional.empty();
        }
    }

    private static void withPlace(FormAnswer answer, VisitorPlace found, Consumer<Place.Served> then) {
        found.place().ifPresentOrElse(then, () -> answer.bare(PageState.LOST, "", RETRY));
    }
}
