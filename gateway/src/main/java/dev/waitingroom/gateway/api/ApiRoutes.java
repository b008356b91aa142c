package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationIssuer;
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

    /** @param tokens the codec of the moment, for waiting tokens */
    public static List<Route> of(
            RoomRegistry registry,
            Supplier<TicketCodec> tokens,
            ReservationIssuer issuer,
            CallMeter meter,
            InstantSource clock) {
        UnavailabilityReporter unavailable = new UnavailabilityReporter(System::nanoTime);
        TicketResolver tickets = new TicketResolver(registry, tokens, clock, unavailable);
        return new QueueApi(tickets, issuer, meter, unavailable).routes();
    }
}
