package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.history.Event;
import dev.waitingroom.chaos.history.History;
import dev.waitingroom.chaos.history.Outcome;
import dev.waitingroom.chaos.history.SessionEvent;
import dev.waitingroom.chaos.history.SessionOutcome;
import dev.waitingroom.chaos.history.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A history as text for people: times in ms since the first call, tickets by their rank. */
final class HistoryText {
    private static final long AROUND = 1_500_000;
    private static final int MOST = 60;

    private record Line(long at, String text) {}

    private final History history;
    private final List<Injection> injections;
    private final long begin;
    private final Map<Long, Integer> ranks;

    HistoryText(History history, List<Injection> injections) {
        this.history = history;
        this.injections = injections;
        this.begin = history.events().stream()
                .mapToLong(event -> event.span().from())
                .min()
                .orElse(0);
        Set<Long> tickets = new TreeSet<>();
        history.events().forEach(event -> tickets.add(ticket(event)));
        tickets.remove(0L);
        List<Long> ordered = List.copyOf(tickets);
        this.ranks = new java.util.HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            ranks.put(ordered.get(i), i + 1);
        }
    }

    private static long ticket(Event event) {
        return event.outcome() instanceof Outcome.Took(long ticket) ? ticket : event.ticket();
    }

    /** A line for each broken promise. */
    String list(List<Violation> violations) {
        return violations.stream()
                .map(violation -> at(violation.at()) + " " + violation.promise() + ": " + violation.what())
                .collect(Collectors.joining("\n"));
    }

    /** The whole history. */
    String whole() {
        return text(history.events().stream(), history.sessions().stream());
    }

    /** The calls of the tickets and visitors concerned, and other admissions and leaves at about that time. */
    String around(Violation violation) {
        Set<Long> tickets = new HashSet<>(violation.tickets());
        Set<String> visitors = history.events().stream()
                .filter(event -> tickets.contains(ticket(event)))
                .map(Event::visitor)
                .collect(Collectors.toSet());
        List<Event> near = history.events().stream()
                .filter(event -> tickets.contains(ticket(event))
                        || visitors.contains(event.visitor())
                        || (Math.abs(event.span().until() - violation.at()) < AROUND && moves(event.outcome())))
                .sorted(Comparator.comparingLong(event -> Math.abs(event.span().until() - violation.at())))
                .limit(MOST)
                .toList();
        return text(near.stream(), history.sessions().stream().filter(event -> tickets.contains(event.ticket())));
    }

    private static boolean moves(Outcome outcome) {
        return outcome instanceof Outcome.Granted || outcome instanceof Outcome.Left;
    }

    private String text(Stream<Event> events, Stream<SessionEvent> sessions) {
        List<Line> lines = new ArrayList<>(
                Stream.concat(events.map(this::line), sessions.map(this::line)).toList());
        injections.forEach(injection -> {
            lines.add(new Line(
                    injection.span().from(),
                    at(injection.span().from()) + " --- " + injection.fault() + " " + injection.what()));
            lines.add(new Line(
                    injection.span().until(), at(injection.span().until()) + " --- " + injection.fault() + " is over"));
        });
        return lines.stream()
                .sorted(Comparator.comparingLong(Line::at))
                .map(Line::text)
                .collect(Collectors.joining("\n"));
    }

    private Line line(Event event) {
        long ticket = ticket(event);
        return new Line(
                event.span().from(),
                "%s..%s %-5s %-6s %-5s #%d (%d) %s%s"
                        .formatted(
                                at(event.span().from()),
                                at(event.span().until()),
                                event.kind(),
                                event.gateway(),
                                event.visitor(),
                                ranks.getOrDefault(ticket, 0),
                                ticket,
                                outcome(event.outcome()),
                                told(event.told())));
    }

    private Line line(SessionEvent event) {
        return new Line(
                event.span().from(),
                "%s..%s %-5s %-6s       #%d (%d)%s %s"
                        .formatted(
                                at(event.span().from()),
                                at(event.span().until()),
                                event.kind(),
                                event.gateway(),
                                ranks.getOrDefault(event.ticket(), 0),
                                event.ticket(),
                                event.over() > 0 ? " cookie until " + at(event.over()) : "",
                                outcome(event.outcome())));
    }

    private String outcome(SessionOutcome outcome) {
        return outcome instanceof SessionOutcome.Passed passed && passed.over().isPresent()
                ? "passed, new cookie until " + at(passed.over().getAsLong())
                : outcome.toString();
    }

    private static String told(Event.Told told) {
        String eta = told.eta().isPresent() ? "eta %.0f s".formatted(told.eta().getAsLong() / 1e6) : "no eta";
        return (told.position() > 0 ? ", at %d, %s".formatted(told.position(), eta) : "")
                + (told.askAgain().isPresent()
                        ? ", again in %.1f s".formatted(told.askAgain().getAsLong() / 1e6)
                        : "");
    }

    private String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Waiting waiting ->
                "position %d%s%s as of %s"
                        .formatted(
                                waiting.position(),
                                waiting.ready() ? ", ready" : "",
                                waiting.onHold() ? ", on hold" : "",
                                at(waiting.asOf()));
            case Outcome.Over over -> over.state().toString().toLowerCase(Locale.ROOT) + " as of " + at(over.asOf());
            case Outcome.Granted granted ->
                "granted %s in second %s".formatted(granted.reservation(), at(granted.second() * 1_000_000));
            default -> outcome.toString();
        };
    }

    private String at(long micros) {
        return "%.1f".formatted((micros - begin) / 1e3);
    }
}
