package dev.waitingroom.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All calls of a run, in the order in which they were sent. */
public record History(List<Event> events) {
    public History {
        events = events.stream()
                .sorted(Comparator.comparingLong(event -> event.span().from()))
                .toList();
    }

    /**
     * The calls about each ticket, in order. They include the joins that gave it, and earlier unanswered joins of the same visitor, since one
     * of those may have given it.
     */
    Map<Long, List<Event>> byTicket() {
        var tickets = new TreeMap<Long, List<Event>>();
        Map<String, List<Event>> unanswered = new HashMap<>();
        for (Event event : events) {
            if (event.joins() && event.outcome().unknown()) {
                unanswered
                        .computeIfAbsent(event.visitor(), ignored -> new ArrayList<>())
                        .add(event);
            }
            long ticket = event.outcome() instanceof Outcome.Took(long taken) ? taken : event.ticket();
            if (ticket != 0) {
                tickets.computeIfAbsent(
                                ticket, ignored -> new ArrayList<>(unanswered.getOrDefault(event.visitor(), List.of())))
                        .add(event);
            }
        }
        return tickets;
    }
}
