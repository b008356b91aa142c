package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.EventStreams;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.ticket.TicketCodec;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** The routes that visitors call. */
public final class ApiRoutes {
    private ApiRoutes() {}

    /**
     * What calls rooms: the API and the page share it, so that one limit counts both.
     *
     * @param registry the rooms of this gateway
     * @param tickets finds the room of a visitor
     * @param caller calls it
     */
    public record Rooms(RoomRegistry registry, TicketResolver tickets, RoomCaller caller) {
        /** @param tokens the current codec of waiting tokens */
        public static Rooms of(
                RoomRegistry registry, Supplier<TicketCodec> tokens, CallMeter meter, InstantSource clock) {
            UnavailabilityReporter unavailable = new UnavailabilityReporter(System::nanoTime);
            return new Rooms(
                    registry,
                    new TicketResolver(registry, tokens, clock, unavailable),
                    new RoomCaller(meter, unavailable));
        }
    }

    public static List<Route> of(Rooms rooms, ReservationIssuer issuer, SessionIssuer sessions, EventStreams streams) {
        TicketResolver tickets = rooms.tickets();
        RoomCaller caller = rooms.caller();
        Endpoint admit = new AdmitEndpoint(tickets, issuer, caller);
        return List.of(
                Route.post("/api/v1/queue/join", new JoinEndpoint(tickets, issuer, caller)),
                Route.get("/api/v1/queue/status", new StatusEndpoint(tickets, caller)),
                Route.get("/api/v1/queue/stream", new StreamEndpoint(tickets, caller, streams)),
                Route.post("/api/v1/queue/admit", admit),
                Route.post("/api/v1/queue/enter", admit),
                Route.postOrDelete("/api/v1/queue/leave", new LeaveEndpoint(tickets, caller)),
                Route.delete("/api/v1/queue/session", new SessionEndpoint(rooms.registry(), sessions, caller)));
    }
}
