package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Violation.Promise;
import dev.waitingroom.queue.policy.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Judges estimates. Within 5 s of a change an estimate is right within a factor of 3, and then moves as the line does.
 *
 * <p>Only estimates are judged whose truth can be known: one policy is in force, and no fault is active. Each is compared with two truths:
 *
 * <ul>
 *   <li>Policy and line. At most all visitors ahead enter, one for each token. At least those enter who go on polling, less a full bucket.
 *   <li>The admission, if the visitor polled when told to until then. Who has just joined ahead counts as coming.
 * </ul>
 *
 * <p>Two more rules: an estimate is present unless the room is on hold or recovers, and it does not swing.
 */
final class EtaCheck {
    private static final double FACTOR = 3;

    /** s; estimates are whole seconds, the snapshot lags, and visitors poll once a second. */
    private static final double SLACK = 5;

    /** s; absent visitors ahead are dropped together, so a visitor behind them enters sooner than the gateway could know. */
    private static final double SOONER = 10;

    /** If the machine runs no thread for longer, visitors seem absent and count in no estimate until they poll again. */
    private static final Duration LONG_STALL = Duration.ofSeconds(1);

    /**
     * µs. Whether called visitors come is learned from those who were called 10 s ago. They must outweigh the assumption that all come, which
     * counts as much as 2 s of admissions: where one of ten comes, after 4.8 s of calls.
     */
    private static final long LEARNED = 15_000_000;

    /** Every gateway knows a change this long after it was written. */
    private static final long SETTLED = 5_000_000;

    /** The greatest age of a snapshot, see {@link PositionCheck}. */
    private static final long STALE = 250_000;

    /** An answer with an estimate that can be judged. */
    private record Tell(Event event, PolicyInForce policy, long asOf) {
        double position() {
            return event.told().position();
        }

        double eta() {
            return event.told().eta().orElseThrow() / 1e6;
        }

        boolean known() {
            return event.told().eta().isPresent();
        }
    }

    private final Promises promises;
    private final Map<Long, TicketTimeline> lives = new HashMap<>();
    private final Map<Long, List<PollingSpan>> polling = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final RankCounter counter;

    private EtaCheck(List<TicketTimeline> lives, Promises promises) {
        this.promises = promises;
        this.counter =
                new RankCounter(lives.stream().mapToLong(TicketTimeline::ticket).toArray());
        for (TicketTimeline life : lives) {
            this.lives.put(life.ticket(), life);
            polling.put(life.ticket(), PollingSpan.of(life, promises));
        }
    }

    static List<Violation> judge(History history, List<TicketTimeline> lives, Promises promises) {
        var check = new EtaCheck(lives, promises);
        List<Tell> tells = check.tells(history);
        tells.forEach(check::missing);
        List<Tell> known = tells.stream().filter(Tell::known).toList();
        check.againstTheLine(known);
        check.againstTheAdmission(known);
        check.swings(known);
        return check.violations;
    }

    /** How many estimates were judged. */
    static int judged(History history, List<TicketTimeline> lives, Promises promises) {
        return (int) new EtaCheck(lives, promises)
                .tells(history).stream().filter(Tell::known).count();
    }

    private List<Tell> tells(History history) {
        return history.events().stream()
                .filter(event -> event.told().position() > 0)
                .filter(event -> !Optional.ofNullable(lives.get(ticket(event)))
                        .filter(life -> life.admittedBefore(event))
                        .isPresent())
                .flatMap(event -> tell(event).stream())
                .toList();
    }

    /** In a room that limits active sessions nobody can tell when one ends, so its estimates are not judged. */
    private Optional<Tell> tell(Event event) {
        long asOf = event.outcome() instanceof Outcome.Waiting waiting
                ? Math.min(waiting.asOf(), event.span().from())
                : event.span().from();
        long until = event.span().until();
        return promises.quiet(asOf, until)
                ? promises.policies()
                        .inForce(asOf, until, SETTLED)
                        .filter(policy -> policy.cap().isEmpty())
                        .map(policy -> new Tell(event, policy, asOf))
                : Optional.empty();
    }

    /**
     * A join may omit the estimate. A status may omit it on hold, and while the line recovers: after a move a ticket that one Redis lacks may
     * begin a recovery at any time.
     */
    private void missing(Tell tell) {
        if (!tell.known()
                && tell.event().outcome() instanceof Outcome.Waiting
                && tell.policy().mode() != Mode.HOLD
                && !promises.moved(tell.event().span().from())) {
            broken(tell, "was told no estimate, though nothing was on hold or recovering");
        }
    }

    private void againstTheLine(List<Tell> tells) {
        List<PollingSpan> staying = polling.values().stream()
                .flatMap(List::stream)
                .filter(span -> span.life().left().isEmpty())
                .toList();
        int[] ranks = ranks(tells);
        long[] from = tells.stream().mapToLong(tell -> tell.asOf() - STALE).toArray();
        long[] until = answered(tells);
        int[] began = counter.below(staying, EtaCheck::ticket, PollingSpan::from, ranks, from, true);
        int[] ended = counter.below(staying, EtaCheck::ticket, EtaCheck::waitedUntil, ranks, until, false);
        for (int i = 0; i < tells.size(); i++) {
            Tell tell = tells.get(i);
            boolean moves = tell.policy().mode() != Mode.HOLD;
            boolean bucket = tell.policy().mode() != Mode.PASS;
            double rate = tell.policy().perSecond();
            double least =
                    bucket ? Math.max(0, began[i] - ended[i] + 1 - tell.policy().burst()) / rate : 0;
            double most = bucket ? tell.position() / rate : 0;
            if (moves && (tell.eta() > FACTOR * most + SLACK || tell.eta() < least / FACTOR - SLACK)) {
                broken(
                        tell,
                        "was told %.0f s at position %.0f, where policy and line say %.0f..%.0f s"
                                .formatted(tell.eta(), tell.position(), least, most));
            }
        }
    }

    private void againstTheAdmission(List<Tell> tells) {
        int[] newcomers = newcomers(tells);
        for (int i = 0; i < tells.size(); i++) {
            Tell tell = tells.get(i);
            Optional<Span> wait = wait(tell);
            if (wait.isEmpty()) {
                continue;
            }
            double least = wait.get().from() / 1e6;
            double most = wait.get().until() / 1e6;
            boolean tooLong = tell.eta() > FACTOR * most + SOONER
                    && tell.eta() > FACTOR * newcomers[i] / tell.policy().perSecond() + SLACK;
            if (tooLong || tell.eta() < least / FACTOR - SLACK) {
                broken(
                        tell,
                        "was told %.0f s at position %.0f, and was admitted after %.1f s"
                                .formatted(tell.eta(), tell.position(), most));
            }
        }
    }

    private int[] ranks(List<Tell> tells) {
        return tells.stream()
                .mapToInt(tell -> counter.rank(ticket(tell.event())))
                .toArray();
    }

    private static long[] answered(List<Tell> tells) {
        return tells.stream().mapToLong(tell -> tell.event().span().until()).toArray();
    }

    /** How many ahead joined so late that no gateway can know yet whether they come. */
    private int[] newcomers(List<Tell> tells) {
        List<TicketTimeline> all = List.copyOf(lives.values());
        int[] ranks = ranks(tells);
        long[] until = answered(tells);
        long[] known = tells.stream().mapToLong(tell -> tell.asOf() - LEARNED).toArray();
        int[] joined = counter.below(all, TicketTimeline::joinSent, ranks, until, true);
        int[] before = counter.below(all, TicketTimeline::joinSent, ranks, known, true);
        return IntStream.range(0, tells.size()).map(i -> joined[i] - before[i]).toArray();
    }

    /** How long the visitor still had to wait, at least and at most, µs. Empty if that cannot be known. */
    private Optional<Span> wait(Tell tell) {
        TicketTimeline life = lives.get(ticket(tell.event()));
        if (life == null || life.granted().isEmpty()) {
            return Optional.empty();
        }
        Span granted = life.granted().get();
        long told = tell.event().span().until();
        boolean asTold = polling.getOrDefault(life.ticket(), List.of()).stream()
                .anyMatch(span -> span.contains(told, Math.max(told, granted.from())));
        if (!asTold
                || !promises.quiet(tell.asOf(), granted.until())
                || promises.policies()
                        .inForce(tell.asOf(), granted.until(), SETTLED)
                        .isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Span(
                Math.max(0, granted.from() - told),
                granted.until() - tell.event().span().from()));
    }

    /** An estimate must not rise by the factor and then fall by it, or the other way round, while nothing changed. */
    private void swings(List<Tell> tells) {
        if (promises.allowances().stall().compareTo(LONG_STALL) > 0) {
            return;
        }
        Map<Long, List<Tell>> byTicket = new HashMap<>();
        tells.forEach(tell -> byTicket.computeIfAbsent(ticket(tell.event()), ignored -> new ArrayList<>())
                .add(tell));
        for (List<Tell> own : byTicket.values()) {
            own.sort(Comparator.comparingLong(tell -> tell.event().span().until()));
            int direction = 0;
            for (int i = 1; i < own.size(); i++) {
                Tell before = own.get(i - 1);
                Tell now = own.get(i);
                if (!now.policy().equals(before.policy()) || !promises.quiet(before.asOf(), now.asOf())) {
                    direction = 0;
                    continue;
                }
                int turned = moved(before, now);
                if (turned != 0 && direction == -turned) {
                    broken(
                            now,
                            "was told %.0f s, then %.0f s after %.1f s, and had moved the other way before"
                                    .formatted(before.eta(), now.eta(), seconds(before, now)));
                    break;
                }
                direction = turned == 0 ? direction : turned;
            }
        }
    }

    private static int moved(Tell before, Tell now) {
        double expected = Math.max(0, before.eta() - seconds(before, now));
        if (now.eta() > FACTOR * expected + SLACK) {
            return 1;
        }
        return FACTOR * (now.eta() + SLACK) < expected ? -1 : 0;
    }

    private static double seconds(Tell before, Tell now) {
        return (now.event().span().until() - before.event().span().until()) / 1e6;
    }

    private void broken(Tell tell, String what) {
        long ticket = ticket(tell.event());
        violations.add(new Violation(
                Promise.ETA, tell.event().span().until(), "ticket %d %s".formatted(ticket, what), List.of(ticket)));
    }

    private static long ticket(Event event) {
        return event.outcome() instanceof Outcome.Took(long ticket) ? ticket : event.ticket();
    }

    private static long ticket(PollingSpan span) {
        return span.life().ticket();
    }

    private static long waitedUntil(PollingSpan span) {
        return Math.min(span.until(), span.life().granted().map(Span::from).orElse(Span.OPEN));
    }
}
