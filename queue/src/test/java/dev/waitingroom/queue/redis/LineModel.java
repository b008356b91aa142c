package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts.AdmitAnswer;
import dev.waitingroom.queue.store.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.store.RoomScripts.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The line as docs/design/line.md says, a second time: sets of tickets and no bits. For one gateway, and for lines within sixteen segments,
 * so that no slice is ever cut.
 */
final class LineModel {
    private static final long SECOND = 1_000_000;
    private static final long SEGMENT = LineLayout.SEGMENT_TICKETS;
    private static final long EPOCH_GAP = 1 << 20;
    private static final long ANSWER = 10 * SECOND;

    private record Held(long ticket, long issuedMillis) {}

    /** @param due until when visitors may be on their way */
    private record Loss(long from, long to, long due) {
        boolean has(long ticket) {
            return from <= ticket && ticket < to;
        }
    }

    private static final class Cohort {
        final long time;
        final long from;
        long to;
        long called;
        long came;

        Cohort(long time, long from, long to, long called) {
            this.time = time;
            this.from = from;
            this.to = to;
            this.called = called;
        }

        Cohort(Cohort other) {
            this(other.time, other.from, other.to, other.called);
            came = other.came;
        }
    }

    private static final class Turn {
        long begun;
        long time;
        long end;

        Turn(long begun, long end) {
            this.begun = begun;
            this.time = begun;
            this.end = end;
        }

        Turn(Turn other) {
            begun = other.begun;
            time = other.time;
            end = other.end;
        }

        void moveOn(long micros) {
            begun += micros;
            time += micros;
        }
    }

    /** One join: a visitor's number or nothing, and whether it asks to be admitted. */
    record Joiner(Optional<Integer> visitor, boolean admit) {}

    /** What a gateway knows of the line. */
    record Copy(
            long next,
            List<TicketRange> unknown,
            long horizon,
            SortedSet<Long> alive,
            Map<Long, Long> granted,
            Set<Long> segments,
            Map<Long, Long> sessions,
            boolean allSessions) {
        private boolean gone(long ticket) {
            return ticket < next
                    && unknown.stream().noneMatch(range -> range.contains(ticket))
                    && !alive.contains(ticket);
        }
    }

    /** A copy that was merged: for a segment it is remembered who of those that Redis had lost is gone. */
    private record Merged(long segment, long below, List<Loss> losses, Copy copy) {
        private boolean gone(long ticket) {
            return ticket / SEGMENT == segment
                    && ticket < below
                    && losses.stream().anyMatch(loss -> loss.has(ticket))
                    && copy.gone(ticket);
        }
    }

    private final TreeSet<Long> alive = new TreeSet<>();
    private final TreeSet<Long> asleep = new TreeSet<>();
    private final Map<Long, Long> grantedAt = new TreeMap<>();
    private final Set<Long> arrived = new HashSet<>();
    private final Set<Long> departed = new HashSet<>();
    private final Map<Long, Set<Long>> seen = new HashMap<>();
    private final Map<Integer, Held> visitors = new HashMap<>();
    private final List<Merged> merged = new ArrayList<>();
    private final List<Cohort> recent = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private List<Loss> losses = new ArrayList<>();
    private final Map<Long, Long> active = new TreeMap<>();

    long now;
    String serverHistory = "h1";
    private Optional<Policy> policy = Optional.empty();
    private boolean begun;
    private String history = "";
    private TokenBucket bucket = TokenBucket.full(0);
    private TokenBucket.@Nullable Limit limit;
    private long epoch;
    private long base;
    private long next;
    private long horizon;
    private long joined;
    private long granted;
    private long left;
    private long expired;
    private long missed;
    private long generation;
    private long generationStart;
    private long generationLength;
    private long generationFull;
    private long sweep;
    private long turnClock;
    private double called;
    private double came;
    private long comingMillionths;
    private long due;
    private double delay;
    private long ticked;
    private int peers;
    private long begunAt;
    private long recoveringUntil;
    private final Set<String> mergedBy = new HashSet<>();
    private int awaited;
    private long asked;
    private long askedAt = Long.MIN_VALUE;
    private long pollsDue;
    private boolean turnsKept;
    private boolean turnsLost;
    private boolean capped;
    private boolean sessionsGone;
    private boolean sessionsCopied;
    private long fullUntil;
    private long openUntil;
    private long longUntil;

    LineModel() {}

    /** As it is at this moment. */
    LineModel(LineModel other) {
        becomes(other);
    }

    /** The server's data is replaced by what it was; its clock and history are not data. */
    void becomes(LineModel other) {
        lose();
        alive.addAll(other.alive);
        asleep.addAll(other.asleep);
        grantedAt.putAll(other.grantedAt);
        arrived.addAll(other.arrived);
        departed.addAll(other.departed);
        other.seen.forEach((of, tickets) -> seen.put(of, new HashSet<>(tickets)));
        visitors.putAll(other.visitors);
        merged.addAll(other.merged);
        other.recent.forEach(cohort -> recent.add(new Cohort(cohort)));
        other.turns.forEach(turn -> turns.add(new Turn(turn)));
        losses = new ArrayList<>(other.losses);
        policy = other.policy;
        begun = other.begun;
        history = other.history;
        bucket = other.bucket;
        limit = other.limit;
        epoch = other.epoch;
        base = other.base;
        next = other.next;
        horizon = other.horizon;
        joined = other.joined;
        granted = other.granted;
        left = other.left;
        expired = other.expired;
        missed = other.missed;
        generation = other.generation;
        generationStart = other.generationStart;
        generationLength = other.generationLength;
        generationFull = other.generationFull;
        sweep = other.sweep;
        turnClock = other.turnClock;
        called = other.called;
        came = other.came;
        comingMillionths = other.comingMillionths;
        due = other.due;
        delay = other.delay;
        ticked = other.ticked;
        peers = other.peers;
        begunAt = other.begunAt;
        recoveringUntil = other.recoveringUntil;
        mergedBy.clear();
        mergedBy.addAll(other.mergedBy);
        awaited = other.awaited;
        asked = other.asked;
        askedAt = other.askedAt;
        pollsDue = other.pollsDue;
        turnsKept = other.turnsKept;
        turnsLost = other.turnsLost;
        active.clear();
        active.putAll(other.active);
        capped = other.capped;
        sessionsGone = other.sessionsGone;
        sessionsCopied = other.sessionsCopied;
        fullUntil = other.fullUntil;
        openUntil = other.openUntil;
        longUntil = other.longUntil;
    }

    // --- policy, epochs ---

    /** A gateway that knows a later epoch calls. */
    void meet(long knownEpoch) {
        renew(knownEpoch);
    }

    void apply(Policy given, boolean newRoom) {
        apply(given, newRoom, 0);
    }

    void apply(Policy given, boolean newRoom, long knownEpoch) {
        if (policy.isPresent() && policy.get().generation() > given.generation()) {
            return;
        }
        Optional<Policy> before = policy;
        policy = Optional.of(given);
        boolean fresh = !begun && newRoom;
        if (fresh) {
            reset(now / 1_000, numbersNow());
            history = serverHistory;
            limit = TokenBucket.Limit.of(given);
            bucket = TokenBucket.full(now);
        } else {
            renew(knownEpoch);
        }
        var to = TokenBucket.Limit.of(given);
        if (!to.equals(limit())) {
            bucket = bucket.changed(limit(), to, now);
            limit = to;
        }
        applyCap(before, given);
        if (fresh) {
            openUntil = 0;
        }
        double ttlBefore = before.map(p -> (double) p.ttl().toSeconds()).orElse(Double.POSITIVE_INFINITY);
        double turnTtlBefore = before.map(p -> (double) p.turnTtl().toSeconds()).orElse(Double.POSITIVE_INFINITY);
        boolean shorterTurns = given.turnTtl().toSeconds() < turnTtlBefore;
        if (!fresh && (given.ttl().toSeconds() < ttlBefore || shorterTurns)) {
            double longestPoll = Math.min(36, Math.min(ttlBefore / 5, turnTtlBefore * 2 / 5));
            pollsDue = Math.max(pollsDue, now + 2 * SECOND + Math.round(longestPoll * SECOND));
        }
        if (shorterTurns) {
            long after = given.turnTtl().toSeconds() * SECOND;
            double most = (double) after + Math.max(0, pollsDue - now);
            for (Turn turn : turns) {
                double left = Math.min(turn.time + turnTtlBefore * SECOND - turnTime(), most);
                turn.moveOn(Math.max(0, Math.round(turnTime() + left - after - turn.time)));
            }
        }
        if (generationMicros() != generationLength) {
            generationStart = Math.max(now, pollsDue);
            generationLength = generationMicros();
            generationFull = Math.max(generationFull, generation);
        }
    }

    private void applyCap(Optional<Policy> before, Policy given) {
        if (given.cap().isPresent()) {
            lookAtSessions();
            long earlier = before.map(LineModel::admissionMillis).orElse(0L);
            if (earlier > admissionMillis(given)) {
                longUntil = Math.max(longUntil, now / 1_000 + earlier);
            }
        } else {
            forgetSessions();
        }
    }

    private void forgetSessions() {
        active.clear();
        capped = false;
        sessionsGone = false;
        fullUntil = 0;
        openUntil = 0;
        longUntil = 0;
    }

    /** How long an admission may be used under this policy, with its cap or without. */
    private static long admissionMillis(Policy of) {
        return of.admissionTtl().toMillis();
    }

    private void loseSessions() {
        if (rules().cap().isPresent()) {
            long over = Math.max(now / 1_000 + admissionMillis(rules()), longUntil);
            fullUntil = Math.max(fullUntil, over);
            openUntil = Math.max(openUntil, over);
        }
    }

    private void lookAtSessions() {
        if (!capped) {
            active.clear();
            openUntil = now / 1_000 + admissionMillis(rules());
            capped = true;
        } else if (sessionsGone) {
            active.clear();
            loseSessions();
        }
        sessionsGone = false;
        active.values().removeIf(over -> over <= now / 1_000);
    }

    private long freePlaces() {
        if (rules().cap().isEmpty()) {
            return Long.MAX_VALUE;
        }
        lookAtSessions();
        return now / 1_000 < fullUntil ? 0 : rules().cap().get().maxActive() - active.size();
    }

    private void beginSession(long ticket) {
        if (rules().cap().isPresent()) {
            lookAtSessions();
            active.put(ticket, now / 1_000 + admissionMillis(rules()));
        }
    }

    /** FLUSHALL. */
    void lose() {
        loseState();
        policy = Optional.empty();
        grantedAt.clear();
        visitors.clear();
    }

    // --- a key is gone ---

    /** What is left of the rest is of no use without it. */
    void loseState() {
        begun = false;
        alive.clear();
        asleep.clear();
        arrived.clear();
        departed.clear();
        seen.clear();
        merged.clear();
        recent.clear();
        turns.clear();
        losses = new ArrayList<>();
    }

    void loseAlive(long segment) {
        alive.removeIf(ticket -> ticket / SEGMENT == segment);
        loseSegment(segment);
    }

    void loseAsleep(long segment) {
        asleep.removeIf(ticket -> ticket / SEGMENT == segment);
        loseSegment(segment);
    }

    void loseDeparted(long segment) {
        departed.removeIf(ticket -> ticket / SEGMENT == segment);
        merged.removeIf(copy -> copy.segment == segment);
        if (lossIsOpen()) {
            loseSegment(segment);
        }
    }

    /** Nobody is judged by the beats of this generation. */
    void loseSeen(long inGeneration, long segment) {
        if (inGeneration >= 1) {
            seenIn(inGeneration).removeIf(ticket -> ticket / SEGMENT == segment);
            generationFull = Math.max(generationFull, inGeneration + 1);
        }
    }

    void loseCame(long segment) {
        arrived.removeIf(ticket -> ticket / SEGMENT == segment);
    }

    void loseGranted(long page, int tickets) {
        grantedAt.keySet().removeIf(ticket -> ticket / tickets == page);
        beginEpoch(next, List.of());
    }

    void losePages() {
        beginEpoch(next, List.of());
    }

    /** The next tick finds it. */
    void loseActive() {
        sessionsGone = true;
        lookAtSessions();
        beginEpoch(next, List.of());
    }

    void loseTurns() {
        recent.clear();
        turns.clear();
        turnsLost = turnsKept;
    }

    /** These visitors' keys are gone: lost, or swept since their tickets were. */
    void loseVisitors(Predicate<Integer> which) {
        visitors.keySet().removeIf(which);
    }

    /** What every script does first. */
    private void renew() {
        renew(0);
    }

    private void renew(long knownEpoch) {
        if (!begun) {
            long first = Math.max(EPOCH_GAP, numbersNow());
            reset(Math.max(knownEpoch + 1, now / 1_000), first);
            horizon = 0;
            generation = now / SECOND;
            generationFull = generation;
            turns.clear();
            recent.clear();
            losses = new ArrayList<>(List.of(new Loss(0, first, now + 300 * SECOND)));
            recoveringUntil = now + 10 * SECOND;
            limit = TokenBucket.Limit.of(rules());
            bucket = TokenBucket.empty(limit(), now);
            capped = rules().cap().isPresent();
            loseSessions();
        } else if (!history.equals(serverHistory) || knownEpoch > epoch) {
            loseTail(0, knownEpoch);
        }
        history = serverHistory;
    }

    private void loseTail(long highestSeen, long knownEpoch) {
        long first = Math.max(Math.max(highestSeen + EPOCH_GAP, numbersNow()), next + EPOCH_GAP);
        epoch = Math.max(epoch, knownEpoch);
        beginEpoch(first, List.of(new Loss(next, first, now)));
        loseSessions();
        bucket = TokenBucket.empty(limit(), now);
    }

    /** Tickets of a newer line: an epoch begins behind them, unless one began just now. */
    private boolean catchUp(long[] tickets) {
        long highest = LongStream.of(tickets).max().orElse(0);
        if (highest < next || now < begunAt + 10 * SECOND) {
            return false;
        }
        loseTail(highest, 0);
        return true;
    }

    private void loseSegment(long k) {
        long from = k * SEGMENT;
        beginEpoch(next, from < next ? List.of(new Loss(from, Math.min(from + SEGMENT, next), now)) : List.of());
    }

    private void beginEpoch(long first, List<Loss> fresh) {
        List<Loss> open = new ArrayList<>(openLosses());
        open.removeIf(old -> fresh.stream().anyMatch(loss -> loss.from <= old.from && old.to <= loss.to));
        open.addAll(fresh);
        while (open.size() > 8) {
            Loss one = open.removeFirst();
            Loss two = open.removeFirst();
            open.addFirst(new Loss(Math.min(one.from, two.from), Math.max(one.to, two.to), Math.max(one.due, two.due)));
        }
        losses = open;
        recoveringUntil = Math.max(recoveringUntil, now + 5 * SECOND);
        mergedBy.clear();
        awaited = 0;
        sessionsCopied = false;
        epoch = Math.max(epoch + 1, now / 1_000);
        next = first;
        base = first;
        begunAt = now;
    }

    private void reset(long newEpoch, long first) {
        begun = true;
        epoch = newEpoch;
        next = first;
        base = first;
        horizon = first;
        joined = 0;
        granted = 0;
        left = 0;
        expired = 0;
        missed = 0;
        generation = 1;
        generationStart = now;
        generationLength = generationMicros();
        generationFull = 1;
        sweep = 0;
        turnClock = 0;
        called = 0;
        came = 0;
        comingMillionths = 1_000_000;
        due = 0;
        delay = 2;
        ticked = now;
        peers = 0;
        begunAt = now;
        recoveringUntil = 0;
        mergedBy.clear();
        awaited = 0;
        askedAt = Long.MIN_VALUE;
        pollsDue = 0;
        turnsKept = false;
        turnsLost = false;
        sessionsCopied = false;
        forgetSessions();
    }

    private long numbersNow() {
        return (long) Math.floor((double) now / SECOND * (1 << 20));
    }

    private List<Loss> openLosses() {
        return losses.stream().filter(loss -> now <= loss.due + lossWindow()).toList();
    }

    private long lossWindow() {
        return policy.map(p -> p.ttl().toSeconds() * SECOND).orElse(0L) + 10 * SECOND;
    }

    private boolean inOpenLoss(long ticket) {
        return openLosses().stream().anyMatch(loss -> loss.has(ticket));
    }

    private boolean isLost(long ticket) {
        return inOpenLoss(ticket) && !knownAsGone(ticket);
    }

    private boolean knownAsGone(long ticket) {
        return departed.contains(ticket) || merged.stream().anyMatch(copy -> copy.gone(ticket));
    }

    private void depart(long ticket) {
        if (inOpenLoss(ticket)) {
            departed.add(ticket);
        }
    }

    /** What ticks remove is remembered while any loss is open. */
    private void departAtTick(long ticket) {
        if (!openLosses().isEmpty()) {
            departed.add(ticket);
        }
    }

    /** Whether a loss is open now that is not after these microseconds. */
    boolean lossEndsWithin(long micros) {
        return losses.stream().anyMatch(loss -> {
            long left = loss.due + lossWindow() - now;
            return left >= 0 && left < micros;
        });
    }

    boolean lossIsOpen() {
        return !openLosses().isEmpty();
    }

    private boolean recovering() {
        return now < recoveringUntil;
    }

    private boolean turnsRun() {
        return !recovering() && (rules().mode() == Mode.QUEUE || rules().mode() == Mode.REJECT);
    }

    private Policy rules() {
        return policy.orElseThrow();
    }

    private TokenBucket.Limit limit() {
        if (limit == null) {
            throw new IllegalStateException("no line has begun");
        }
        return limit;
    }

    // --- visitors ---

    List<JoinAnswer> join(List<Joiner> entries, long highestSeen) {
        renew();
        long first = Math.max(next, highestSeen + 1);
        long number = first;
        long issued = now / 1_000;
        var answers = new ArrayList<JoinAnswer>();
        var admitted = new TreeSet<Long>();
        for (Joiner entry : entries) {
            Optional<Held> mine = entry.visitor.map(visitors::get);
            Optional<Held> place = mine.filter(held -> (held.ticket >= first && !admitted.contains(held.ticket))
                    || alive.contains(held.ticket)
                    || asleep.contains(held.ticket));
            Optional<Held> reserved = mine.filter(held -> entry.admit && place.isEmpty())
                    .filter(held -> grantedAt(held.ticket)
                            .filter(at -> goesOn(held.ticket, at))
                            .isPresent());
            Optional<Held> lost = mine.filter(held -> isLost(held.ticket));
            if (reserved.isPresent()) {
                answers.add(new JoinAnswer.Admitted(
                        reserved.get().ticket,
                        reserved.get().issuedMillis,
                        grantedAt(reserved.get().ticket).orElseThrow()));
            } else if (place.isPresent() || lost.isPresent()) {
                answers.add(new JoinAnswer.Issued(mine.get().ticket, mine.get().issuedMillis));
            } else if (rules().mode() == Mode.REJECT) {
                answers.add(new JoinAnswer.Rejected());
            } else if (entry.admit && admitsAtOnce()) {
                long ticket = number++;
                answers.add(new JoinAnswer.Admitted(ticket, issued, issued));
                admitted.add(ticket);
                grantedAt.put(ticket, issued);
                beginSession(ticket);
                seenIn(generation).add(ticket);
                joined++;
                granted++;
                entry.visitor.ifPresent(visitor -> visitors.put(visitor, new Held(ticket, issued)));
            } else if (rules().maxLength().isPresent()
                    && alive.size() >= rules().maxLength().getAsLong()) {
                answers.add(new JoinAnswer.Full(rules().maxLength().getAsLong()));
            } else {
                long ticket = number++;
                answers.add(new JoinAnswer.Issued(ticket, issued));
                alive.add(ticket);
                seenIn(generation).add(ticket);
                joined++;
                entry.visitor.ifPresent(visitor -> visitors.put(visitor, new Held(ticket, issued)));
            }
        }
        if (number > first) {
            next = number;
        }
        if (!admitted.isEmpty() && rules().mode() == Mode.QUEUE) {
            horizon = Math.max(horizon, admitted.last() + 1);
        }
        return answers;
    }

    /** Whether somebody who joins now is admitted. Takes the token. */
    private boolean admitsAtOnce() {
        if (recovering() || rules().mode() == Mode.HOLD) {
            return false;
        }
        if (rules().mode() == Mode.PASS) {
            return true;
        }
        if (!alive.isEmpty() || !asleep.isEmpty() || !openLosses().isEmpty() || freePlaces() <= 0) {
            return false;
        }
        Optional<TokenBucket> taken = bucket.take(limit(), now);
        taken.ifPresent(left -> bucket = left);
        return taken.isPresent();
    }

    List<AdmitAnswer> admit(long[] tickets) {
        renew();
        return LongStream.of(tickets).sorted().mapToObj(this::admit).toList();
    }

    private AdmitAnswer admit(long ticket) {
        boolean waits = alive.contains(ticket) || asleep.contains(ticket);
        Optional<Long> before = grantedAt(ticket);
        if (before.isPresent() && (!waits || inOpenLoss(ticket))) {
            alive.remove(ticket);
            return goesOn(ticket, before.get()) ? new AdmitAnswer.Granted(before.get()) : new AdmitAnswer.Gone();
        }
        if (!waits) {
            return isLost(ticket) || ticket >= next
                    ? new AdmitAnswer.Unknown()
                    : recovering() ? new AdmitAnswer.NotYet() : new AdmitAnswer.Gone();
        }
        if (recovering() || rules().mode() == Mode.HOLD) {
            return new AdmitAnswer.NotYet();
        }
        if (rules().mode() != Mode.PASS) {
            if (ticket >= horizon) {
                return new AdmitAnswer.NotYet();
            }
            if (freePlaces() <= 0) {
                return new AdmitAnswer.BucketEmpty();
            }
            Optional<TokenBucket> taken = bucket.take(limit(), now);
            if (taken.isEmpty()) {
                return new AdmitAnswer.BucketEmpty();
            }
            bucket = taken.get();
        }
        alive.remove(ticket);
        asleep.remove(ticket);
        grantedAt.put(ticket, now / 1_000);
        beginSession(ticket);
        depart(ticket);
        granted++;
        return new AdmitAnswer.Granted(now / 1_000);
    }

    private Optional<Long> grantedAt(long ticket) {
        return Optional.ofNullable(grantedAt.get(ticket))
                .filter(at -> now / 1_000 - at <= rules().reservationTtl().toMillis());
    }

    /** Whether the session of a repeated admission may go on. */
    private boolean goesOn(long ticket, long at) {
        if (rules().cap().isEmpty()) {
            return true;
        }
        lookAtSessions();
        if (!active.containsKey(ticket) && now / 1_000 >= openUntil) {
            return false;
        }
        active.merge(ticket, at + admissionMillis(rules()), Math::max);
        return true;
    }

    /** When the sessions that were used run out now; 0 for one that is over. */
    long[] sessions(long[] used, long[] ending) {
        renew();
        if (rules().cap().isEmpty()) {
            return new long[0];
        }
        lookAtSessions();
        long over = now / 1_000 + rules().cap().get().sessionTtl().toMillis();
        boolean open = now / 1_000 < openUntil;
        long[] ends = LongStream.of(used)
                .map(ticket -> {
                    if (active.containsKey(ticket) || open) {
                        active.merge(ticket, over, Math::max);
                    }
                    return active.getOrDefault(ticket, 0L);
                })
                .toArray();
        for (long ticket : ending) {
            boolean known = active.remove(ticket) != null;
            boolean waits = alive.contains(ticket) || asleep.contains(ticket);
            if (!waits && (known || open)) {
                grantedAt.remove(ticket);
                depart(ticket);
            }
        }
        return ends;
    }

    private void noteArrival(long ticket) {
        if (ticket >= horizon || !arrived.add(ticket)) {
            return;
        }
        for (Cohort cohort : recent) {
            long took = turnTime() - cohort.time;
            if (cohort.from <= ticket && ticket < cohort.to && took < ANSWER) {
                cohort.came++;
                delay = Math.max(0.5, delay + 0.02 * (2 * ((double) took / SECOND) - delay));
            }
        }
    }

    private long turnTime() {
        return turnsRun() ? turnClock + Math.min(now - ticked, SECOND) : turnClock;
    }

    /** Nothing: an epoch began instead. */
    Optional<List<Boolean>> leave(long[] tickets) {
        renew();
        if (catchUp(tickets)) {
            return Optional.empty();
        }
        var answers = new ArrayList<Boolean>();
        for (long ticket : tickets) {
            boolean held = alive.remove(ticket) || asleep.remove(ticket);
            depart(ticket);
            left += held ? 1 : 0;
            answers.add(held);
        }
        return Optional.of(answers);
    }

    void beat(long inGeneration, SortedSet<Long> polled) {
        renew();
        if (inGeneration <= generation && inGeneration >= generation - 2) {
            seenIn(inGeneration).addAll(polled);
        }
    }

    /** Nothing: an epoch began instead. */
    Optional<List<Standing>> restore(long[] tickets) {
        renew();
        return catchUp(tickets)
                ? Optional.empty()
                : Optional.of(LongStream.of(tickets).mapToObj(this::restore).toList());
    }

    private Standing restore(long ticket) {
        if ((alive.contains(ticket) || asleep.contains(ticket)) && ticket < horizon) {
            asked = Math.min(lowestAsked(), ticket);
            askedAt = now;
        }
        if (alive.contains(ticket)) {
            return new Standing.Waits();
        }
        if (asleep.contains(ticket)) {
            return new Standing.Asleep();
        }
        if (grantedAt(ticket).isPresent()) {
            return new Standing.Granted(grantedAt(ticket).get());
        }
        if (ticket >= next) {
            return new Standing.Unknown();
        }
        if (isLost(ticket)) {
            alive.add(ticket);
            seenIn(generation).add(ticket);
            losses = openLosses().stream()
                    .map(loss -> loss.has(ticket) ? new Loss(loss.from, loss.to, Math.max(loss.due, now)) : loss)
                    .collect(Collectors.toCollection(ArrayList::new));
            return new Standing.Waits();
        }
        return recovering() ? new Standing.NotKnown() : new Standing.Gone();
    }

    private long lowestAsked() {
        return askedAt != Long.MIN_VALUE && now - askedAt <= SECOND ? asked : Long.MAX_VALUE;
    }

    // --- the line's own life ---

    /**
     * @param lowestKeptOut whom only the bucket keeps out, the lowest of them; 0 for none
     * @param cameNow who came for the first time since they were called
     */
    void tick(int here, long lowestKeptOut, List<Long> cameNow) {
        renew();
        cameNow.stream().sorted().forEach(this::noteArrival);
        if (now - ticked < 50_000) {
            return;
        }
        if (openLosses().isEmpty()) {
            losses = new ArrayList<>();
        }
        long outage = Math.max(0, now - ticked - SECOND);
        long step = Math.min(now - ticked, SECOND);
        boolean running = turnsRun();
        if (running) {
            turnClock += step;
        }
        ticked = now;
        peers = 1;
        if (running) {
            if (turnsLost && turns.isEmpty()) {
                turns.add(new Turn(turnClock, horizon));
            }
            turnsKept = true;
            turnsLost = false;
            long kept = Math.min(lowestKeptOut > 0 ? lowestKeptOut : Long.MAX_VALUE, lowestAsked());
            turns.stream().filter(turn -> turn.end > kept).forEach(turn -> turn.moveOn(step));
            endTurns();
            advanceHorizon(here, step);
        }
        beatGenerations(outage);
    }

    private void endTurns() {
        long oldest = turnClock - rules().turnTtl().toSeconds() * SECOND;
        long ended = 0;
        while (!turns.isEmpty() && turns.getFirst().time <= oldest) {
            ended = turns.removeFirst().end;
        }
        for (TreeSet<Long> waiting : List.of(alive, asleep)) {
            for (long ticket : List.copyOf(waiting.headSet(ended))) {
                waiting.remove(ticket);
                departAtTick(ticket);
                missed++;
            }
        }
    }

    private void advanceHorizon(int here, long step) {
        double rate = (double) limit().rate() * SECOND / limit().periodMicros();
        double prior = Math.max(5, 2 * rate);
        if (called == 0) {
            called = prior;
            came = prior;
        }
        while (!recent.isEmpty() && recent.getFirst().time <= turnClock - ANSWER) {
            Cohort judged = recent.removeFirst();
            called += judged.called;
            came += judged.came;
        }
        double share = Math.min(1, Math.max(0.05, came / called));
        comingMillionths = (long) Math.floor(share * 1_000_000);
        double coming = 0;
        double expected = 0;
        double cameOfThese = 0;
        for (Cohort cohort : recent) {
            double passed = (double) (turnClock - cohort.time) / SECOND / delay;
            if (passed < 1) {
                coming += Math.max(0, cohort.called - cohort.came) * (share * (1 - passed) / (1 - share * passed));
            } else {
                expected += share * cohort.called;
                cameOfThese += cohort.came;
            }
        }
        double missing = expected - cameOfThese;
        double late = missing > 2 * Math.sqrt(expected) ? missing : 0;
        double wanted = Math.min(exactTokens() + rate * Math.max(1.2, 0.7 * delay), (double) Math.max(0, freePlaces()));
        double fade = Math.max(0, 1 - (double) step / SECOND / 30);
        called = prior + (called - prior) * fade;
        came = prior + (came - prior) * fade;
        long call = Math.max(0, (long) Math.floor((wanted - here - coming) / share));
        long from = horizon;
        long[] now = alive.tailSet(horizon).stream()
                .limit(call)
                .mapToLong(Long::longValue)
                .toArray();
        due = (long) Math.floor(here + coming + late + share * now.length + 0.5);
        if (call > 0) {
            horizon = now.length == call ? now[now.length - 1] + 1 : Math.max(horizon, next);
        }
        if (now.length > 0) {
            Cohort last = recent.isEmpty() ? null : recent.getLast();
            if (last != null && turnClock - last.time < 200_000) {
                last.to = horizon;
                last.called += now.length;
            } else {
                recent.add(new Cohort(turnClock, from, horizon, now.length));
            }
            calledUntil(horizon);
        }
    }

    private double exactTokens() {
        long room = TokenBucket.empty(limit(), now).tatMicros() - Math.max(now, bucket.tatMicros());
        return Math.max(0, (double) room / limit().periodMicros() * limit().rate());
    }

    private void calledUntil(long end) {
        long at = turnTime() + Math.max(0, pollsDue - now);
        long width = rules().turnTtl().toSeconds() * SECOND / 64;
        if (!turns.isEmpty() && at - turns.getLast().begun < width) {
            turns.getLast().time = Math.max(turns.getLast().time, at);
            turns.getLast().end = end;
        } else {
            turns.add(new Turn(at, end));
        }
    }

    private void beatGenerations(long outage) {
        if (recovering()) {
            generationStart = now;
            generationFull = Math.max(generationFull, generation);
            return;
        }
        generationStart += outage;
        if (sweep == 0 && now >= generationStart + generationLength) {
            sweep = generation;
            generation++;
            generationStart = now;
            generationLength = generationMicros();
        }
        if (sweep > 0 && now >= generationStart + slackMicros()) {
            sweep();
            sweep = 0;
        }
    }

    private void sweep() {
        if (sweep - 1 >= generationFull) {
            for (long ticket : List.copyOf(alive)) {
                if (!seenIn(sweep - 1).contains(ticket)
                        && !seenIn(sweep).contains(ticket)
                        && !seenIn(sweep + 1).contains(ticket)) {
                    alive.remove(ticket);
                    if (ticket < horizon) {
                        asleep.add(ticket);
                    } else {
                        departAtTick(ticket);
                        expired++;
                    }
                }
            }
        }
        if (openLosses().isEmpty()) {
            departed.clear();
            merged.clear();
        }
    }

    private long slackMicros() {
        return Math.min(5 * SECOND, Math.max(SECOND / 4, rules().ttl().toSeconds() * SECOND / 20));
    }

    private long generationMicros() {
        return (rules().ttl().toSeconds() * SECOND - slackMicros()) / 2;
    }

    private Set<Long> seenIn(long of) {
        return seen.computeIfAbsent(of, _ -> new HashSet<>());
    }

    // --- copies ---

    /** @param merged whether its gateway knew everything that Redis lost */
    Copy copy(boolean merged) {
        var segments = new TreeSet<Long>();
        alive.forEach(ticket -> segments.add(ticket / SEGMENT));
        return new Copy(
                next,
                merged ? List.of() : lost(),
                horizon,
                new TreeSet<>(alive),
                grants(),
                segments,
                sessions(),
                now / 1_000 >= fullUntil);
    }

    /** Whose reservation is valid. */
    Map<Long, Long> grants() {
        var valid = new TreeMap<Long, Long>();
        grantedAt.forEach((ticket, at) -> {
            if (grantedAt(ticket).isPresent()) {
                valid.put(ticket, at);
            }
        });
        return valid;
    }

    /** Who is active, and until when. */
    Map<Long, Long> sessions() {
        if (policy.flatMap(Policy::cap).isPresent()) {
            lookAtSessions();
        }
        return new TreeMap<>(active);
    }

    private List<TicketRange> lost() {
        return openLosses().stream()
                .map(loss -> new TicketRange(loss.from, loss.to))
                .toList();
    }

    void merge(String gateway, int gateways, Copy copy, Set<Long> segments, long[] acknowledged, long[] gone) {
        renew();
        long knownBelow = Math.min(copy.next, base);
        for (long k : segments) {
            if (k * SEGMENT < knownBelow) {
                mergeSegment(k, copy, knownBelow);
            }
        }
        copy.granted.forEach((ticket, at) -> {
            if (ticket >= base && (alive.contains(ticket) || asleep.contains(ticket))) {
                return; // this epoch issued the number again
            }
            if (grantedAt(ticket).isEmpty()) {
                grantedAt.put(ticket, at);
                if (at >= begunAt / 1_000) {
                    bucket = TokenBucket.empty(limit(), now);
                }
            }
            remove(ticket);
        });
        LongStream.of(gone).forEach(this::remove);
        for (long ticket : acknowledged) {
            boolean waits = alive.contains(ticket) || asleep.contains(ticket);
            if (isLost(ticket) && !waits && grantedAt(ticket).isEmpty()) {
                alive.add(ticket);
                seenIn(generation).add(ticket);
            }
        }
        mergeSessions(copy);
        long called = Math.min(copy.horizon, next);
        if (called > horizon) {
            horizon = called;
            calledUntil(horizon);
        }
        mergedBy.add(gateway);
        awaited = Math.max(awaited, Math.max(peers, gateways));
        recoveringUntil = Math.min(recoveringUntil, begunAt + (mergedBy.size() < awaited ? 5 : 1) * SECOND);
        if (mergedBy.size() >= awaited && sessionsCopied) {
            fullUntil = 0;
        }
    }

    private void mergeSessions(Copy copy) {
        if (rules().cap().isPresent() && (!copy.sessions.isEmpty() || copy.allSessions)) {
            lookAtSessions();
            copy.sessions.forEach((ticket, over) -> active.merge(ticket, over, Math::max));
            sessionsCopied |= copy.allSessions;
        }
    }

    private void mergeSegment(long k, Copy copy, long knownBelow) {
        merged.add(new Merged(k, knownBelow, openLosses(), copy));
        var candidates = new TreeSet<>(alive.subSet(k * SEGMENT, (k + 1) * SEGMENT));
        candidates.addAll(copy.alive.subSet(k * SEGMENT, (k + 1) * SEGMENT));
        boolean changed = false;
        for (long ticket : candidates.headSet(knownBelow)) {
            boolean lost = openLosses().stream().anyMatch(loss -> loss.has(ticket));
            boolean waits = (alive.contains(ticket) || lost) && !copy.gone(ticket) && !knownAsGone(ticket);
            changed |= waits ? alive.add(ticket) : alive.remove(ticket);
        }
        if (changed) {
            var waiting = alive.subSet(k * SEGMENT, (k + 1) * SEGMENT);
            seenIn(generation).addAll(waiting);
            asleep.removeAll(waiting);
        }
    }

    private void remove(long ticket) {
        if (ticket < base) {
            depart(ticket);
            asleep.remove(ticket);
            alive.remove(ticket);
        }
    }

    // --- what is compared ---

    SortedSet<Long> alive() {
        return alive;
    }

    /** Everyone with a place. */
    long[] waiting() {
        return LongStream.concat(
                        alive.stream().mapToLong(Long::longValue),
                        asleep.stream().mapToLong(Long::longValue))
                .sorted()
                .toArray();
    }

    boolean begun() {
        return begun;
    }

    long base() {
        return base;
    }

    long epoch() {
        return epoch;
    }

    long generation() {
        return generation;
    }

    OptionalLong nextToken() {
        long token = bucket.nextTokenMicros(limit(), now);
        return OptionalLong.of(freePlaces() > 0 ? token : Math.max(token, now + 250_000));
    }

    /** Without what only the server knows: sequence and index. */
    Header header() {
        return new Header(
                epoch,
                0,
                policy.map(PolicyCodec::encode).orElseGet(Map::of),
                next,
                horizon,
                bucket.tatMicros(),
                bucket.fraction(),
                alive.size(),
                joined,
                granted,
                left,
                expired,
                missed,
                generation,
                generationStart,
                generationLength,
                recoveringUntil,
                peers,
                comingMillionths,
                due,
                0,
                "",
                new Header.Sessions(sessions().size(), fullUntil),
                List.of(),
                lost());
    }
}
