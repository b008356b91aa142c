package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.api.ApiRoutes;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.session.HandoverCodec;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.site.PageSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The routes of the page: for visitors, and a preview for operators. */
public final class PageRoutes {
    private static final String PAGE = "/waiting/{event_id}";
    private static final String LOGO = "/waiting/{event_id}/logo";

    private final RoomRegistry registry;
    private final Function<Room, PageSettings> settings;
    private final PageViews views;
    private final PageRenderer renderer;
    private final HandoverLinks links;
    private final InstantSource clock;

    /**
     * @param settings the look of a room's page
     * @param handovers the current codec of codes for another device
     */
    public PageRoutes(
            RoomRegistry registry,
            Function<Room, PageSettings> settings,
            Supplier<HandoverCodec> handovers,
            InstantSource clock) {
        Languages languages = Languages.load();
        this.registry = registry;
        this.settings = settings;
        this.views = new PageViews(languages, settings, clock);
        this.renderer = new PageRenderer(languages);
        this.links = new HandoverLinks(handovers, clock);
        this.clock = clock;
    }

    /** Page, form and logo. */
    public List<Route> visitors(ApiRoutes.Rooms rooms, SessionIssuer sessions) {
        VisitorPlaces places = new VisitorPlaces(rooms.tickets());
        PageActions actions = PageActions.of(
                rooms,
                sessions,
                new TakeoverAction(rooms.tickets(), rooms.caller(), links),
                new HandoverAction(links, views, renderer));
        return List.of(
                Route.getOrPost(
                        PAGE,
                        new PageEndpoint(places, views, renderer, links),
                        new FormEndpoint(places, views, actions)),
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
