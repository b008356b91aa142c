package dev.waitingroom.queue.room;

import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.eta.EtaModel;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.PollInterval;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.room.TicketStatus.State;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/** Computes what a visitor is told, from a snapshot and the outcomes of departed tickets. Pure, except for the jitter. */
final class TicketStatusCalculator {
    private static final Duration SOONEST_POLL = Duration.ofSeconds(1);
    private static final double JITTER = PollInterval.JITTER_PERCENT / 100.0;

    /** Seconds ahead for which promises are made. An admit is held for longer. */
    private static final double SOON_SECONDS = 1.2;

    /** Where a ticket stands. */
    sealed interface Look {
        /** It waits. With {@code lookup} that is a guess, and Redis should be asked. */
        record Waits(TicketStatus status, boolean lookup) implements Look {}

        /** It does not wait. */
        record Over(TicketStatus status) implements Look {}
    }

    private TicketStatusCalculator() {}

    /** @param entry whether a ticket that is called may enter now */
    static Look look(
            RoomSnapshot view,
            TicketOutcomes outcomes,
            Ticket ticket,
            LongPredicate entry,
            long nowMicros,
            RandomGenerator random) {
        if (ticket.incarnation() != view.policy().incarnation()) {
            return over(State.CLOSED, view, ticket, nowMicros);
        }
        long number = ticket.number();
        return switch (view.line().standing(number)) {
            case ALIVE, BEYOND -> waits(view, ticket, entry, nowMicros, random, false);
            case ABSENT -> {
                Optional<Outcome> outcome = outcomes.of(number);
                if (outcome.isEmpty()) {
                    yield guesses(view, outcomes, ticket)
                            ? waits(view, ticket, entry, nowMicros, random, true)
                            : over(State.EXPIRED, view, ticket, nowMicros);
                }
                yield switch (outcome.get()) {
                    case Outcome.Granted(long at) ->
                        over(reserved(view, at, nowMicros) ? State.ADMITTED : State.EXPIRED, view, ticket, nowMicros);
                    case Outcome.Left() -> over(State.LEFT, view, ticket, nowMicros);
                    case Outcome.Gone(), Outcome.Ended() -> over(State.EXPIRED, view, ticket, nowMicros);
                    case Outcome.Asleep() -> waits(view, ticket, entry, nowMicros, random, false);
                };
            }
        };
    }

    /**
     * Whether the standing is a guess: the ticket is asleep, was admitted before this process started, or was lost by Redis. It counts as
     * waiting until Redis has answered.
     */
    static boolean guesses(RoomSnapshot view, TicketOutcomes outcomes, Ticket ticket) {
        long number = ticket.number();
        return ticket.incarnation() == view.policy().incarnation()
                && view.line().standing(number) == LineSnapshot.Standing.ABSENT
                && (view.line().called(number) || view.mayBeLost(number))
                && outcomes.of(number).isEmpty();
    }

    static boolean reserved(RoomSnapshot view, long grantedMillis, long nowMicros) {
        return nowMicros / 1_000 - grantedMillis
                <= view.policy().reservationTtl().toMillis();
    }

    /** How many admits can be granted in time if they are held from now on, the part of the next one included. */
    static double grantsSoon(RoomSnapshot view, long nowMicros) {
        if (paused(view, nowMicros)) {
            return 0;
        }
        return Math.min(
                view.exactTokens(nowMicros) + SOON_SECONDS * view.policy().ratePerSecond(), view.freePlaces(nowMicros));
    }

    /** How long a visitor who joins now would wait. Empty if unknown. */
    static Optional<Eta> waitOfNext(RoomSnapshot view, long nowMicros) {
        return unknown(view, view.line().next(), nowMicros)
                ? Optional.empty()
                : Optional.of(etaWhileMoving(view, view.line().next(), nowMicros));
    }

    private static boolean paused(RoomSnapshot view, long nowMicros) {
        return view.policy().mode() == Mode.HOLD || view.recovering(nowMicros);
    }

    /** Nobody can tell when sessions end: a wait is known only while there are places for all who are expected before, too. */
    private static boolean unknown(RoomSnapshot view, long ticket, long nowMicros) {
        return paused(view, nowMicros)
                || (view.policy().mode() != Mode.PASS && ahead(view, ticket) + 1 > view.freePlaces(nowMicros));
    }

    private static Eta etaWhileMoving(RoomSnapshot view, long ticket, long nowMicros) {
        if (view.policy().mode() == Mode.PASS) {
            return Eta.NOW;
        }
        return EtaModel.estimate(
                ahead(view, ticket), view.exactTokens(nowMicros), view.policy().ratePerSecond(), view.lambda());
    }

    /**
     * How many visitors are expected to be admitted before this ticket. For called tickets the header tells how many come, although
     * absent visitors still have their places. For all others see {@link EtaModel#coming}.
     */
    private static double ahead(RoomSnapshot view, long ticket) {
        long horizon = Math.min(view.line().horizon(), ticket);
        double called = view.present().rank(horizon);
        double coming = EtaModel.coming(
                view.line().alive().count(horizon, ticket),
                view.present().count(horizon, ticket),
                view.header().comingMillionths() / 1e6);
        return Math.min(called, (double) view.header().due()) + coming;
    }

    private static Look waits(
            RoomSnapshot view,
            Ticket ticket,
            LongPredicate entry,
            long nowMicros,
            RandomGenerator random,
            boolean lookup) {
        LineSnapshot line = view.line();
        boolean hold = view.policy().mode() == Mode.HOLD;
        boolean pass = view.policy().mode() == Mode.PASS;
        boolean recovering = view.recovering(nowMicros);
        Eta eta = etaWhileMoving(view, ticket.number(), nowMicros);
        boolean mayEnter = line.called(ticket.number())
                && entry.test(ticket.number()); // evaluated on hold too, since the visitor is here
        boolean ready = !hold && !recovering && (pass || mayEnter);
        return new Look.Waits(
                new TicketStatus(
                        State.WAITING,
                        line.position(ticket.number()),
                        eta(view, ticket.number(), ready, eta, nowMicros),
                        waited(ticket, nowMicros),
                        ready,
                        hold,
                        pollAfter(view, ready ? Duration.ZERO : eta.expected(), random),
                        instant(view.asOfMicros())),
                lookup);
    }

    private static Optional<Eta> eta(RoomSnapshot view, long ticket, boolean ready, Eta eta, long nowMicros) {
        if (ready) {
            return Optional.of(Eta.NOW);
        }
        return unknown(view, ticket, nowMicros) ? Optional.empty() : Optional.of(eta);
    }

    private static Look over(State state, RoomSnapshot view, Ticket ticket, long nowMicros) {
        return new Look.Over(ended(state, view, ticket, nowMicros));
    }

    /** The status of a ticket whose room was deleted. */
    static TicketStatus closed(RoomSnapshot view, Ticket ticket, long nowMicros) {
        return ended(State.CLOSED, view, ticket, nowMicros);
    }

    /** The status of a ticket whose place is on another device. */
    static TicketStatus moved(RoomSnapshot view, Ticket ticket, long nowMicros) {
        return ended(State.MOVED, view, ticket, nowMicros);
    }

    private static TicketStatus ended(State state, RoomSnapshot view, Ticket ticket, long nowMicros) {
        return new TicketStatus(
                state,
                0,
                Optional.empty(),
                waited(ticket, nowMicros),
                false,
                false,
                Duration.ZERO,
                instant(view.asOfMicros()));
    }

    /**
     * About a second near the front, a tenth of the wait further back, and always several polls within the room's ttl and within a turn.
     * A pause does not lengthen it, so visitors at the front are here when it ends.
     */
    private static Duration pollAfter(RoomSnapshot view, Duration wait, RandomGenerator random) {
        double latest = millis(PollInterval.max(view.policy()));
        double soonest = Math.min(millis(SOONEST_POLL), latest);
        double jitter = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofMillis((long) (Math.clamp(millis(wait) / 10, soonest, latest) * jitter));
    }

    private static double millis(Duration duration) {
        return (double) duration.toMillis();
    }

    private static Duration waited(Ticket ticket, long nowMicros) {
        return Duration.ofMillis(
                Math.max(0, nowMicros / 1_000 - ticket.issuedAt().toEpochMilli()));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }
}
