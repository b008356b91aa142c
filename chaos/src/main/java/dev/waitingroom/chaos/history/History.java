package dev.waitingroom.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All calls of a run, in the order in which they were sent.
 *
 * @param events calls of the queue's API
 * @param sessions calls about sessions
 */
public record History(List<Event> events, List<SessionEvent> sessions) {
    public History {
        events = events.stream()
                .sorted(Comparator.comparingLong(event -> event.span().from()))
                .toList();
        sessions = sessions.stream()
                .sorted(Comparator.comparingLong(event -> event.span().from()))
                .toList();
    }

    /** A history without sessions. */
    public History(List<Event> events) {
        this(events, List.of());
    }

    /** The calls about the session of each ticket, in order. */
    Map<Long, List<SessionEvent>> sessionsByTicket() {
        return sessions.stream().collect(Collectors.groupingBy(SessionEvent::ticket));
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
