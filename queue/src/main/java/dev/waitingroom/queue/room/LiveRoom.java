package dev.waitingroom.queue.room;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts;
import dev.waitingroom.queue.redis.RoomScripts.JoinAnswer;
import dev.waitingroom.queue.redis.RoomScripts.Present;
import dev.waitingroom.queue.redis.RoomScripts.SnapshotReply;
import dev.waitingroom.queue.redis.RoomScripts.TickReply;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One room: its copy of the line refreshed ten times a second while anyone is about, once a second otherwise; its batches; its
 * heartbeats.
 */
final class LiveRoom implements Room {
    private static final Duration REFRESH = Duration.ofMillis(100);
    private static final Duration REFRESH_IDLE = Duration.ofSeconds(1);
    private static final Duration REFRESH_RETRY = Duration.ofMillis(200);
    private static final Duration STAYS_ACTIVE = Duration.ofSeconds(5);
    private static final Duration PULSE = Duration.ofMillis(20);
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private static final long ANNOUNCE_RATE_OVER_MICROS = 10_000_000;

    private final RoomContext loop;
    private final Heartbeats heartbeats = new Heartbeats();
    private final LineReplica line;
    private final JoinBatcher joins;
    private final AdmitBatcher admits;
    private final LeaveBatcher leaves;
    private final GrantRate grantRate = new GrantRate(ANNOUNCE_RATE_OVER_MICROS);

    private volatile long askedNanos;
    private volatile boolean closed;
    private volatile boolean deleted;
    private volatile int held;
    private boolean refreshing;
    private boolean refreshAgain;
    private boolean pulsing;
    private long refreshNumber;
    private boolean beatUnderWay;
    private long beatNanos;

    LiveRoom(RoomContext loop) {
        this.loop = loop;
        this.line = new LineReplica(loop, heartbeats, this::refreshNow);
        this.joins = new JoinBatcher(loop, line);
        this.admits = new AdmitBatcher(loop, line);
        this.leaves = new LeaveBatcher(loop, line);
        this.askedNanos = loop.nanoTime();
        this.beatNanos = loop.nanoTime();
    }

    void start() {
        loop.run(this::refreshNow);
    }

    /** Whether Redis has been read for this room. */
    boolean loaded() {
        return line.loaded();
    }

    long answeredNanos() {
        return loop.answeredNanos();
    }

    /** Ends what is held with an outcome and stops refreshing. */
    void close() {
        closed = true;
        Unavailability why = new Unavailability(
                Unavailability.Cause.OVERLOADED, "this gateway is going; another one serves", CLOSING);
        loop.run(() -> {
            beat();
            line.close();
            joins.close(why);
            admits.close(new AdmitOutcome.Unavailable(why));
            leaves.close(why);
        });
    }

    /** The room was deleted: nobody has a place any more. */
    void end() {
        deleted = true;
        closed = true;
        loop.run(() -> {
            line.close();
            joins.end();
            admits.close(new AdmitOutcome.Gone(TicketStatus.State.CLOSED));
            leaves.end();
        });
    }

    @Override
    public RoomId id() {
        return loop.id();
    }

    @Override
    public String eventId() {
        return loop.eventId();
    }

    @Override
    public Optional<Policy> policy() {
        return line.published().map(RoomSnapshot::policy);
    }

    @Override
    public CompletionStage<JoinOutcome> join(Optional<VisitorKey> key, Optional<String> subject) {
        CompletableFuture<JoinOutcome> answer = new CompletableFuture<>();
        Optional<byte[]> hash = key.map(VisitorHashes::hash);
        long since = loop.nanoTime();
        onLoop(
                () -> joins.add(new JoinBatcher.Pending(hash, issued -> outcome(issued, subject), answer, since)),
                () -> answer.complete(deleted ? new JoinOutcome.Closed() : new JoinOutcome.Unavailable(notServed())));
        return answer;
    }

    @Override
    public TicketStatus status(Ticket ticket) {
        askedNanos = loop.nanoTime();
        if (line.published().isEmpty()) {
            return new TicketStatus(
                    TicketStatus.State.WAITING,
                    0,
                    Optional.empty(),
                    Duration.ZERO,
                    false,
                    false,
                    Duration.ofSeconds(1),
                    Instant.EPOCH);
        }
        if (deleted) {
            return TicketStatusCalculator.closed(
                    line.view(), ticket, loop.clock().micros());
        }
        return switch (line.polled(ticket)) {
            case Look.Waits(TicketStatus status, boolean lookup) -> {
                if (lookup) {
                    loop.run(() -> line.lookUp(ticket.number()));
                } else {
                    here(ticket.number());
                }
                yield status;
            }
            case Look.Over(TicketStatus status) -> status;
        };
    }

    /** The ticket's visitor is there. */
    private void here(long ticket) {
        heartbeats.mark(ticket, loop.clock().micros());
        if (line.beyond(ticket)) {
            loop.run(() -> line.lookUpBeyond(ticket));
        }
    }

    @Override
    public Optional<CompletionStage<Void>> unsettled(Ticket ticket) {
        if (deleted || !line.guesses(ticket) || loop.away()) {
            return Optional.empty();
        }
        askedNanos = loop.nanoTime();
        CompletableFuture<Void> said = new CompletableFuture<>();
        loop.run(() -> line.lookUp(ticket.number()).thenAccept(said::complete));
        return Optional.of(said);
    }

    @Override
    public CompletionStage<AdmitOutcome> admit(Ticket ticket, Duration wait) {
        CompletableFuture<AdmitOutcome> answer = new CompletableFuture<>();
        Duration bounded = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
        onLoop(
                () -> {
                    switch (line.look(ticket)) {
                        case Look.Over(TicketStatus status)
                        when status.state() != TicketStatus.State.ADMITTED ->
                            answer.complete(new AdmitOutcome.Gone(status.state()));
                        case Look.Over over -> admits.add(ticket, bounded, answer);
                        case Look.Waits waits -> {
                            here(ticket.number());
                            admits.add(ticket, bounded, answer);
                        }
                    }
                },
                () -> answer.complete(
                        deleted
                                ? new AdmitOutcome.Gone(TicketStatus.State.CLOSED)
                                : new AdmitOutcome.Unavailable(notServed())));
        return answer;
    }

    @Override
    public CompletionStage<LeaveOutcome> leave(Ticket ticket) {
        CompletableFuture<LeaveOutcome> answer = new CompletableFuture<>();
        onLoop(
                () -> leaves.add(ticket.number(), answer),
                () -> answer.complete(deleted ? new LeaveOutcome.Left() : new LeaveOutcome.Unavailable(notServed())));
        return answer;
    }

    @Override
    public RoomFigures figures() {
        Duration age = Duration.ofNanos(loop.nanoTime() - loop.answeredNanos());
        return line.published()
                .map(view -> new RoomFigures(
                        view.policy().generation(),
                        view.line().epoch(),
                        view.header().waiting(),
                        view.header().joined(),
                        view.header().granted(),
                        view.header().left(),
                        view.header().expired(),
                        view.header().missed(),
                        line.losses(),
                        held,
                        grantRate.perSecond(),
                        TicketStatusCalculator.waitOfNext(view, loop.clock().micros())
                                .map(Eta::expected)
                                .orElse(Duration.ZERO),
                        age))
                .orElse(new RoomFigures(0, 0, 0, 0, 0, 0, 0, 0, line.losses(), 0, 0, Duration.ZERO, age));
    }

    /** Runs on the loop if the room is served and its line was read. */
    private void onLoop(Runnable task, Runnable otherwise) {
        askedNanos = loop.nanoTime();
        loop.run(() -> {
            if (closed || line.published().isEmpty()) {
                otherwise.run();
            } else {
                task.run();
                pulse();
            }
        });
    }

    private Unavailability notServed() {
        return line.loaded() && !loop.failing() ? LineReplica.NO_POLICY : loop.unavailable();
    }

    private JoinOutcome outcome(JoinAnswer answer, Optional<String> subject) {
        return switch (answer) {
            case JoinAnswer.Issued(long number, long issuedMillis) -> {
                Policy policy = line.view().policy();
                Ticket ticket = new Ticket(
                        policy.eventId(), policy.incarnation(), number, Instant.ofEpochMilli(issuedMillis), subject);
                heartbeats.mark(number, loop.clock().micros());
                yield new JoinOutcome.Joined(
                        ticket,
                        switch (line.look(ticket)) {
                            case Look.Waits(TicketStatus status, boolean lookup) -> status;
                            case Look.Over(TicketStatus status) -> status;
                        });
            }
            case JoinAnswer.Full(long maxLength) -> new JoinOutcome.Full(maxLength);
            case JoinAnswer.Rejected() ->
                new JoinOutcome.Rejected(line.view().policy().message());
        };
    }

    // --- refreshing ---

    private boolean active() {
        return loop.nanoTime() - askedNanos < STAYS_ACTIVE.toNanos()
                || line.recovering()
                || line.published().filter(v -> v.header().waiting() > 0).isPresent();
    }

    private void refreshNow() {
        if (closed) {
            return;
        }
        if (refreshing) {
            refreshAgain = true;
            return;
        }
        refreshing = true;
        long asked = loop.nanoTime();
        if (!line.epochUnknown()) {
            tick();
        }
        ask(asked);
        beat();
    }

    private void ask(long asked) {
        SnapshotAssembler.Query query = line.query();
        loop.follow(loop.scripts().snapshot(query.epoch(), query.sequence(), query.fromSegment()), ended -> {
            if (closed) {
                return;
            }
            switch (ended) {
                case RoomContext.Ended.Answered<SnapshotReply>(Reply<SnapshotReply> reply) -> {
                    if (line.read(reply)) {
                        ask(asked);
                    } else {
                        refreshed(asked);
                    }
                }
                case RoomContext.Ended.Failed<SnapshotReply> failed -> refreshLater(REFRESH_RETRY);
            }
        });
    }

    private void refreshed(long asked) {
        line.published().ifPresent(view -> {
            grantRate.observe(view.asOfMicros(), view.header().granted());
            admits.decide(asked);
        });
        held = admits.held();
        refreshLater(active() ? REFRESH : REFRESH_IDLE);
    }

    private void refreshLater(Duration delay) {
        refreshing = false;
        long mine = ++refreshNumber;
        if (refreshAgain) {
            refreshAgain = false;
            loop.after(Duration.ofMillis(5), () -> refreshIf(mine));
        } else {
            loop.after(delay, () -> refreshIf(mine));
        }
    }

    /** A refresh that came in between makes this one unnecessary. */
    private void refreshIf(long number) {
        if (number == refreshNumber && !refreshing) {
            refreshNow();
        }
    }

    private void tick() {
        Present present = line.present();
        loop.follow(loop.scripts().tick(loop.call(RoomScripts.CALL_TIMEOUT), present), ended -> ticked(present, ended));
    }

    private void ticked(Present present, RoomContext.Ended<TickReply> ended) {
        switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, TickReply reply)) -> {
                line.arrivals().told(present, reply);
                if (reply.more() && !closed) {
                    tick();
                }
            }
            case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> line.epochIs(epoch);
            default -> {} // the next one will do
        }
    }

    // --- what must go on while anything waits ---

    private void pulse() {
        if (!pulsing) {
            pulsing = true;
            loop.after(PULSE, this::beatPulse);
        }
    }

    private void beatPulse() {
        pulsing = false;
        joins.expire();
        admits.expire();
        leaves.expire();
        held = admits.held();
        if (!joins.idle() || !admits.idle() || !leaves.idle()) {
            pulse();
        }
    }

    /** Tells Redis who polled, often enough that it is in before the generation's slack is over. */
    private void beat() {
        // Not while Redis is away: when it answers the generation may be long past, and its beats are dropped.
        if (beatUnderWay || line.epochUnknown() || loop.failing()) {
            return;
        }
        long every = Math.clamp(line.view().policy().ttl().toNanos() / 40, 100_000_000L, 2_000_000_000L);
        if (!closed && loop.nanoTime() - beatNanos < every) {
            return;
        }
        Heartbeats.Beat beat = heartbeats.take();
        if (beat.segments().isEmpty()) {
            beatNanos = loop.nanoTime();
            return;
        }
        beatUnderWay = true;
        loop.follow(
                loop.scripts().beat(loop.call(Duration.ofMillis(700)), beat.generation(), beat.segments()), ended -> {
                    beatUnderWay = false;
                    if (ended instanceof RoomContext.Ended.Answered(Reply.Done<Void> done)) {
                        beat();
                    } else {
                        heartbeats.giveBack(beat);
                    }
                });
    }
}
