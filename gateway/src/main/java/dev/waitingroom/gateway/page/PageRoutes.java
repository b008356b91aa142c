package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.ApiRoutes;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.site.PageSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** The routes of the page: for visitors, and a preview for operators. */
public final class PageRoutes {
    private static final String PAGE = "/waiting/{event_id}";
    private static final String LOGO = "/waiting/{event_id}/logo";

    private final RoomRegistry registry;
    private final Function<Room, PageSettings> settings;
    private final PageViews views;
    private final PageRenderer renderer;
    private final InstantSource clock;

    /** @param settings the look of a room's page */
    public PageRoutes(RoomRegistry registry, Function<Room, PageSettings> settings, InstantSource clock) {
        Languages languages = Languages.load();
        this.registry = registry;
        this.settings = settings;
        this.views = new PageViews(languages, settings, clock);
        this.renderer = new PageRenderer(languages);
        this.clock = clock;
    }

    /** Page, form and logo. */
    public List<Route> visitors(ApiRoutes.Rooms rooms, SessionIssuer sessions) {
        VisitorPlaces places = new VisitorPlaces(rooms.tickets());
        EnterAction enter = new EnterAction(rooms.caller(), sessions);
        JoinAction join = new JoinAction(rooms.tickets(), rooms.caller(), enter);
        return List.of(
                Route.getOrPost(
                        PAGE,
                        new PageEndpoint(places, views, renderer),
                        new FormEndpoint(places, views, join, enter, new LeaveAction(rooms.caller()))),
                logo());
    }

    /** The page in any state, and the logo. */
    public List<Route> previews() {
        return List.of(Route.get(PAGE, new PreviewEndpoint(registry::room, settings, views, renderer, clock)), logo());
    }

    private Route logo() {
        return Route.get(LOGO, new LogoEndpoint(registry::room, settings));
    }
}
