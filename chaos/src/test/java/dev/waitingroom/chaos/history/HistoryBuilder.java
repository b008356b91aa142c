package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Writes a history by hand, in milliseconds; a call takes 10 ms. */
final class HistoryBuilder {
    private static final long BEGIN = 1_700_000_000_000L;

    private final List<Event> events = new ArrayList<>();
    private final List<SessionEvent> sessions = new ArrayList<>();
    private String gateway = "a";

    static long micros(long millis) {
        return (BEGIN + millis) * 1_000;
    }

    HistoryBuilder through(String name) {
        gateway = name;
        return this;
    }

    HistoryBuilder join(long at, String visitor, long ticket) {
        return add(Kind.JOIN, at, visitor, 0, new Outcome.Took(ticket));
    }

    /** Joins tickets 1..n of visitors v1..vn, a millisecond apart. */
    HistoryBuilder joinAll(long at, int visitors) {
        for (int i = 1; i <= visitors; i++) {
            join(at + i, "v" + i, i);
        }
        return this;
    }

    /** Joins, and is admitted with the join. */
    HistoryBuilder enter(long at, String visitor, long ticket) {
        return add(Kind.ENTER, at, visitor, 0, new Outcome.Took(ticket))
                .add(Kind.ADMIT, at, visitor, ticket, new Outcome.Granted("r" + ticket, (BEGIN + at) / 1_000));
    }

    HistoryBuilder poll(long at, long ticket, long position, boolean ready) {
        return add(Kind.POLL, at, "v" + ticket, ticket, new Outcome.Waiting(position, ready, false, micros(at)));
    }

    HistoryBuilder pollAsOf(long at, long ticket, long position, long asOf) {
        return add(Kind.POLL, at, "v" + ticket, ticket, new Outcome.Waiting(position, false, false, micros(asOf)));
    }

    /** With an estimate, where one was told, and when to ask again. */
    HistoryBuilder pollTold(
            long at, long ticket, long position, boolean ready, OptionalLong etaSeconds, long againMillis) {
        OptionalLong eta =
                etaSeconds.isPresent() ? OptionalLong.of(etaSeconds.getAsLong() * 1_000_000) : OptionalLong.empty();
        events.add(new Event(
                Kind.POLL,
                new Span(micros(at), micros(at + 10)),
                gateway,
                "v" + ticket,
                ticket,
                new Outcome.Waiting(position, ready, false, micros(at)),
                new Event.Told(position, eta, OptionalLong.of(againMillis * 1_000))));
        return this;
    }

    HistoryBuilder over(long at, long ticket, Outcome.State state) {
        return add(Kind.POLL, at, "v" + ticket, ticket, new Outcome.Over(state, micros(at)));
    }

    HistoryBuilder granted(long at, long ticket) {
        return granted(at, ticket, "r" + ticket, (BEGIN + at) / 1_000);
    }

    HistoryBuilder granted(long at, long ticket, String reservation, long second) {
        return add(Kind.ADMIT, at, "v" + ticket, ticket, new Outcome.Granted(reservation, second));
    }

    HistoryBuilder left(long at, long ticket) {
        return add(Kind.LEAVE, at, "v" + ticket, ticket, new Outcome.Left());
    }

    /** Uses the ticket's session, with a cookie that expires at {@code over}, and gets no other one. */
    HistoryBuilder used(long at, long ticket, long over) {
        return session(SessionEvent.Kind.USE, at, ticket, over, new SessionOutcome.Passed(OptionalLong.empty()));
    }

    /** Uses the ticket's session, and gets a cookie that expires at {@code until}. */
    HistoryBuilder renewed(long at, long ticket, long over, long until) {
        return session(
                SessionEvent.Kind.USE, at, ticket, over, new SessionOutcome.Passed(OptionalLong.of(micros(until))));
    }

    HistoryBuilder ended(long at, long ticket, long over) {
        return session(SessionEvent.Kind.END, at, ticket, over, new SessionOutcome.Ended());
    }

    HistoryBuilder session(SessionEvent.Kind kind, long at, long ticket, long over, SessionOutcome outcome) {
        sessions.add(
                new SessionEvent(kind, new Span(micros(at), micros(at + 10)), gateway, ticket, micros(over), outcome));
        return this;
    }

    HistoryBuilder add(Kind kind, long at, String visitor, long ticket, Outcome outcome) {
        return add(kind, at, at + 10, visitor, ticket, outcome);
    }

    HistoryBuilder add(Kind kind, long at, long until, String visitor, long ticket, Outcome outcome) {
        events.add(new Event(kind, new Span(micros(at), micros(until)), gateway, visitor, ticket, outcome));
        return this;
    }

    History end() {
        return new History(events, sessions);
    }
}
