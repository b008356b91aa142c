package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.session.ReturnPath;
import dev.waitingroom.queue.policy.PollInterval;
import dev.waitingroom.queue.room.TicketStatus;
import java.time.Duration;

/** Shows a link with which another device takes the place over. It needs no Redis, and changes nothing. */
final class HandoverAction {
    private final HandoverLinks links;
    private final PageViews views;
    private final PageRenderer renderer;

    HandoverAction(HandoverLinks links, PageViews views, PageRenderer renderer) {
        this.links = links;
        this.views = views;
        this.renderer = renderer;
    }

    void run(FormAnswer answer, Place.Served place) {
        TicketStatus status = place.room().status(place.ticket());
        if (status.state() != TicketStatus.State.WAITING) {
            answer.bare(PageState.ended(status.state()), "", status.pollAfter());
            return;
        }
        Handover.Link link = Handover.Link.of(url(answer, place));
        if (answer.isJson()) {
            answer.link(PageState.of(status), link);
        } else {
            // As late as a poll may be, since the visitor needs time to point a camera at it.
            Duration shown = place.room().policy().map(PollInterval::max).orElse(status.pollAfter());
            PageView view = views.placed(answer.request(), place.room(), status).with(Handover.showing(link, shown));
            PageHeaders.personal(answer.exchange(), answer.request(), 200, renderer.render(view));
        }
    }

    private String url(FormAnswer answer, Place.Served place) {
        return answer.origin()
                + new ReturnPath(answer.request().returnTo()).from(place.room().eventId())
                + PageEndpoint.withCode(links.code(place.ticket()));
    }
}
