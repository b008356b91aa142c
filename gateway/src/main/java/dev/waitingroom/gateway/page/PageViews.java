package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.CookieHeader;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.session.ReturnPath;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.site.PageSettings;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Makes the views of rooms and visitors. Thread-safe. */
final class PageViews {
    private static final String LANG = "lang";
    private static final String LANG_COOKIE = "waiting-lang";
    private static final String RETURN = "return";

    private final Languages languages;
    private final Function<Room, PageSettings> settings;
    private final InstantSource clock;

    /** @param settings the look of a room's page */
    PageViews(Languages languages, Function<Room, PageSettings> settings, InstantSource clock) {
        this.languages = languages;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * What the request says of the page, read before its headers are forgotten.
     *
     * @param returnTo where the visitor goes when admitted
     * @param gzip whether the browser takes a compressed page
     */
    record Request(String eventId, Language language, String returnTo, boolean gzip) {}

    Request request(Exchange x, String eventId, Optional<String> returnTo) {
        return new Request(
                eventId,
                language(x),
                ReturnPath.orRoot(returnTo).value(),
                x.head().takesGzip());
    }

    Request request(Exchange x, String eventId) {
        return request(x, eventId, x.head().queryParameter(RETURN));
    }

    /** The language of the switch, else of its cookie, else of the browser. */
    private Language language(Exchange x) {
        Optional<Language> chosen = x.head().queryParameter(LANG).flatMap(languages::named);
        chosen.ifPresent(language -> x.setCookie(LANG_COOKIE + "=" + language.tag()
                + "; Path=/waiting/; SameSite=Lax; Max-Age=31536000" + (x.secure() ? "; Secure" : "")));
        return chosen.or(() ->
                        CookieHeader.value(x.head().cookies(), LANG_COOKIE).flatMap(languages::named))
                .orElseGet(() -> languages.accepted(x.head().header(HttpHeaders.ACCEPT_LANGUAGE)));
    }

    /** A visitor without a place, as the room is now. */
    PageView newcomer(Request request, Room room, Optional<PageState> outcome) {
        Optional<Policy> policy = room.policy();
        PageState state = policy.filter(known -> known.mode() == Mode.REJECT)
                .map(known -> PageState.CLOSED)
                .or(() -> outcome)
                .orElse(PageState.JOIN);
        return view(request, Optional.of(room), state, Optional.empty());
    }

    /** A visitor with a place. */
    PageView placed(Request request, Room room, TicketStatus status) {
        PageState state = PageState.of(status);
        boolean waits = status.state() == TicketStatus.State.WAITING;
        boolean stale = waits && PageView.stale(status, clock.instant());
        return view(request, Optional.of(room), stale ? PageState.AWAY : state, Optional.of(status));
    }

    /** A state without a place to show. */
    PageView bare(Request request, Optional<Room> room, PageState state) {
        return view(request, room, state, Optional.empty());
    }

    private PageView view(Request request, Optional<Room> room, PageState state, Optional<TicketStatus> status) {
        Optional<Policy> policy = room.flatMap(Room::policy);
        Instant now = clock.instant();
        return new PageView(
                request.eventId(),
                state,
                status,
                policy.filter(known -> known.mode() == Mode.REJECT)
                        .map(Policy::message)
                        .orElse(""),
                policy.map(Policy::turnTtl).orElse(Duration.ZERO),
                now,
                request.returnTo(),
                Handover.NONE,
                false,
                request.language(),
                room.map(settings).orElse(PageSettings.DEFAULT));
    }
}
