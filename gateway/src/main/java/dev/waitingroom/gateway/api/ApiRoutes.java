package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.http.Endpoint;
import dev.waitingroom.gateway.http.Route;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.queue.room.RoomRegistry;
import dev.waitingroom.queue.ticket.TicketCodec;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** The routes that visitors call. */
public final class ApiRoutes {
    private ApiRoutes() {}

    /** @param tokens the current codec of waiting tokens */
    public static List<Route> of(
            RoomRegistry registry,
            Supplier<TicketCodec> tokens,
            ReservationIssuer issuer,
            CallMeter meter,
            InstantSource clock) {
        UnavailabilityReporter unavailable = new UnavailabilityReporter(System::nanoTime);
        TicketResolver tickets = new TicketResolver(registry, tokens, clock, unavailable);
        RoomCaller caller = new RoomCaller(meter, unavailable);
        Endpoint admit = new AdmitEndpoint(tickets, issuer, caller);
        return List.of(
                Route.post("/api/v1/queue/join", new JoinEndpoint(tickets, issuer, caller)),
                Route.get("/api/v1/queue/status", new StatusEndpoint(tickets, caller)),
                Route.post("/api/v1/queue/admit", admit),
                Route.post("/api/v1/queue/enter", admit),
                Route.postOrDelete("/api/v1/queue/leave", new LeaveEndpoint(tickets, caller)),
                Route.delete("/api/v1/queue/session", new SessionEndpoint()));
    }
}
