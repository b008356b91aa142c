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
    private final PageActions actions;

    FormEndpoint(VisitorPlaces places, PageViews views, PageActions actions) {
        this.places = places;
        this.views = views;
        this.actions = actions;
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
        String code = BeaconBody.field(FORM, body, PageEndpoint.CODE).orElse("");
        switch (action) {
            case "join" -> find(answer).ifPresent(found -> actions.join().run(answer, found, key));
            case "enter" -> withPlace(answer, place -> actions.enter().run(answer, place));
            case "leave" -> withPlace(answer, place -> actions.leave().run(answer, place));
            case "handover" -> withPlace(answer, place -> actions.handover().run(answer, place));
            case "takeover" ->
                find(answer).ifPresent(found -> actions.takeover().byCode(answer, found, code));
            case "takeback" -> withPlace(answer, place -> actions.takeover().back(answer, place));
            default ->
                throw Problem.of(
                                HttpProblem.INVALID_FIELD,
                                "action must be join, enter, leave, handover, takeover or takeback")
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

    private void withPlace(FormAnswer answer, Consumer<Place.Served> then) {
        find(answer)
                .ifPresent(found -> found.place().ifPresentOrElse(then, () -> answer.bare(PageState.LOST, "", RETRY)));
    }
}
