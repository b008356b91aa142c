package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.EntityTag;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.site.PageLogo;
import dev.waitingroom.queue.site.PageSettings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.function.Function;

/** The logo of a room's page. */
final class LogoEndpoint implements Endpoint {
    private static final String CACHE = "public, max-age=300";

    private final Function<String, Optional<Room>> rooms;
    private final Function<Room, PageSettings> settings;

    /** @param rooms the room of an event */
    LogoEndpoint(Function<String, Optional<Room>> rooms, Function<Room, PageSettings> settings) {
        this.rooms = rooms;
        this.settings = settings;
    }

    @Override
    public void handle(Exchange x) {
        PageLogo logo = rooms.apply(VisitorPlaces.eventId(x))
                .map(settings)
                .flatMap(PageSettings::logo)
                .orElseThrow(() -> Problem.of(HttpProblem.NOT_FOUND, "this room has no logo")
                        .exception());
        EntityTag tag = EntityTag.of(logo.bytes());
        x.header(HttpHeaders.ETAG, tag.text());
        if (x.head().has(tag)) {
            x.writer().notModified(CACHE);
        } else {
            x.writer().body(200, logo.type().mediaType(), CACHE, Buffer.buffer(logo.bytes()));
        }
    }
}
