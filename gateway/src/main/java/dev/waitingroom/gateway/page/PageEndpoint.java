package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.QueueProblem;
import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.EntityTag;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.ProblemException;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.ticket.Ticket;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Shows where a visitor stands. A GET takes no place, since search engines and previews of links send it too. */
final class PageEndpoint implements Endpoint {
    /** The outcomes of the form that a visitor without a place is told of. */
    static final String OUTCOME = "outcome";

    /** The code of a link from another device. */
    static final String CODE = "code";

    private static final String NO_EVENT = "-";
    private static final Set<PageState> OUTCOMES =
            Set.of(PageState.FULL, PageState.BUSY, PageState.LOST, PageState.LEFT, PageState.LINK);

    private final VisitorPlaces places;
    private final PageViews views;
    private final PageRenderer renderer;
    private final HandoverLinks links;

    PageEndpoint(VisitorPlaces places, PageViews views, PageRenderer renderer, HandoverLinks links) {
        this.places = places;
        this.views = views;
        this.renderer = renderer;
        this.links = links;
    }

    /** What a link has besides the address of the page. */
    static String withCode(String code) {
        return "&" + CODE + "=" + code;
    }

    @Override
    public void handle(Exchange x) {
        Optional<String> eventId = VisitorPlaces.idInPath(x);
        PageViews.Request request = views.request(x, eventId.orElse(NO_EVENT));
        if (eventId.isEmpty()) {
            PageHeaders.personal(
                    x, request, 404, renderer.render(views.bare(request, Optional.empty(), PageState.OVER)));
            return;
        }
        VisitorPlace found;
        try {
            found = places.find(x, request.eventId());
        } catch (ProblemException e) {
            answer(x, e.problem(), request);
            return;
        }
        Optional<String> code = x.head().queryParameter(CODE);
        if (found.room().policy().isEmpty()) {
            unknown(x, request, found.room());
        } else if (code.isPresent()) {
            opened(x, request, found, code.get());
        } else if (found.place().isPresent()) {
            placed(x, request, found.place().get());
        } else {
            newcomer(x, request, found.room());
        }
    }

    /** No such room, or this process does not know its rooms yet. */
    private void answer(Exchange x, Problem problem, PageViews.Request request) {
        boolean gone = problem.type() == QueueProblem.UNKNOWN_EVENT;
        PageState state = gone ? PageState.OVER : PageState.AWAY;
        retryAfter(x, problem);
        PageHeaders.personal(
                x, request, problem.type().status(), renderer.render(views.bare(request, Optional.empty(), state)));
    }

    private static void retryAfter(Exchange x, Problem problem) {
        problem.retryAfter()
                .ifPresent(after -> x.header(HttpHeaders.RETRY_AFTER, Long.toString(Problem.retryAfterSeconds(after))));
    }

    private void unknown(Exchange x, PageViews.Request request, Room room) {
        x.header(HttpHeaders.RETRY_AFTER, "1");
        PageHeaders.personal(x, request, 503, renderer.render(views.bare(request, Optional.of(room), PageState.AWAY)));
    }

    /** Asks the visitor first: previews of links open them too, and another visitor may have sent the link. */
    private void opened(Exchange x, PageViews.Request request, VisitorPlace found, String code) {
        PageState state = links.ticket(found.room(), code)
                .map(ticket -> hasAnother(found, ticket) ? PageState.REPLACE : PageState.TAKEOVER)
                .orElse(PageState.LINK);
        Handover handover = state == PageState.LINK ? Handover.NONE : Handover.opened(code);
        PageHeaders.personal(
                x,
                request,
                200,
                renderer.render(
                        views.bare(request, Optional.of(found.room()), state).with(handover)));
    }

    private static boolean hasAnother(VisitorPlace found, Ticket ticket) {
        return found.place()
                .filter(own -> own.ticket().number() != ticket.number())
                .filter(own -> own.room().status(own.ticket()).state() == TicketStatus.State.WAITING)
                .isPresent();
    }

    private void newcomer(Exchange x, PageViews.Request request, Room room) {
        Optional<PageState> outcome =
                x.head().queryParameter(OUTCOME).flatMap(PageState::parse).filter(OUTCOMES::contains);
        PageView view = views.newcomer(request, room, outcome);
        EntityTag tag = renderer.tag(view);
        if (x.head().has(tag)) {
            PageHeaders.notModified(x, tag);
        } else {
            PageHeaders.tagged(x, request, tag, renderer.render(view));
        }
    }

    private void placed(Exchange x, PageViews.Request request, Place.Served place) {
        Optional<CompletionStage<Void>> unsettled = place.room().unsettled(place.ticket());
        if (unsettled.isPresent()) {
            x.await(unsettled.get(), settled -> show(x, request, place));
        } else {
            show(x, request, place);
        }
    }

    private void show(Exchange x, PageViews.Request request, Place.Served place) {
        PageView view = views.placed(request, place.room(), place.room().status(place.ticket()));
        PageHeaders.personal(x, request, 200, renderer.render(view));
    }
}
