package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.site.PageSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows the page in any state, with the look of its room and figures of an example. It is for operators, and calls nothing. */
final class PreviewEndpoint implements Endpoint {
    private static final String PREVIEW = "preview";
    private static final long POSITION = 1_234;
    private static final Duration TURN = Duration.ofMinutes(15);
    private static final Eta ETA = new Eta(Duration.ofSeconds(290), Duration.ofSeconds(245), Duration.ofSeconds(355));
    private static final Duration WAITED = Duration.ofSeconds(430);

    /** As long as a real one. */
    private static final Handover.Link EXAMPLE =
            Handover.Link.of("https://shop.example/waiting/concert?return=%2F&code=" + "x".repeat(71));

    private final Function<String, Optional<Room>> rooms;
    private final Function<Room, PageSettings> settings;
    private final PageViews views;
    private final PageRenderer renderer;
    private final InstantSource clock;

    /** @param rooms the room of an event */
    PreviewEndpoint(
            Function<String, Optional<Room>> rooms,
            Function<Room, PageSettings> settings,
            PageViews views,
            PageRenderer renderer,
            InstantSource clock) {
        this.rooms = rooms;
        this.settings = settings;
        this.views = views;
        this.renderer = renderer;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange x) {
        PageState state = x.head()
                .queryParameter(PREVIEW)
                .flatMap(PageState::parse)
                .orElseThrow(() -> Problem.of(
                                HttpProblem.INVALID_FIELD,
                                "preview must be one of "
                                        + Arrays.stream(PageState.values())
                                                .map(PageState::label)
                                                .collect(Collectors.joining(", ")))
                        .exception());
        PageViews.Request request = views.request(x, VisitorPlaces.eventId(x));
        PageHeaders.personal(x, request, 200, renderer.render(view(request, state)));
    }

    private PageView view(PageViews.Request request, PageState state) {
        Instant now = clock.instant();
        boolean placed = state.place() != PageState.Place.NONE;
        return new PageView(
                request.eventId(),
                state,
                placed ? Optional.of(status(state, now)) : Optional.empty(),
                "",
                TURN,
                now,
                request.returnTo(),
                state == PageState.WAITING ? Handover.showing(EXAMPLE, Duration.ZERO) : Handover.NONE,
                true,
                request.language(),
                rooms.apply(request.eventId()).map(settings).orElse(PageSettings.DEFAULT));
    }

    private static TicketStatus status(PageState state, Instant now) {
        boolean ready = state == PageState.READY || state == PageState.ENTERING;
        return new TicketStatus(
                TicketStatus.State.WAITING,
                ready ? 1 : POSITION,
                state == PageState.HOLD ? Optional.empty() : Optional.of(ready ? Eta.NOW : ETA),
                WAITED,
                ready,
                state == PageState.HOLD,
                Duration.ofSeconds(5),
                now);
    }
}
