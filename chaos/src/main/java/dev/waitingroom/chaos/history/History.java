package dev.waitingroom.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All calls of a run, by all visitors, in the order in which they were sent. */
public record History(List<Event> events) {
    public History {
        events = events.stream()
                .sorted(Comparator.comparingLong(event -> event.span().from()))
                .toList();
    }

    /** The calls about each ticket, the joins that gave it included; both in order. */
    Map<Long, List<Event>> byTicket() {
        var tickets = new TreeMap<Long, List<Event>>();
        for (Event event : events) {
            long ticket = event.outcome() instanceof Outcome.Took(long taken) ? taken : event.ticket();
            if (ticket != 0) {
                tickets.computeIfAbsent(ticket, ignored -> new ArrayList<>()).add(event);
            }
        }
        return tickets;
    }
}
