package dev.waitingroom.queue.room;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One room: the replica of its line, the batches of requests to Redis, and the heartbeats of its visitors. */
final class LiveRoom implements Room {
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER_CLOSE = Duration.ofSeconds(1);

    private final RoomContext context;
    private final Heartbeats heartbeats = new Heartbeats();
    private final HeartbeatSender heartbeatSender;
    private final LineReplica line;
    private final TicketStandings standings;
    private final RefreshLoop refresh;
    private final RoomBatches batches;
    private final JoinOutcomeFactory joinOutcomes;
    private final RoomMeter meter;
    private final RoomLifecycle lifecycle;
    private final LiveSessions sessions;

    LiveRoom(RoomContext context) {
        this.context = context;
        this.line = new LineReplica(context, heartbeats, this::refreshNow);
        this.standings = new TicketStandings(context, line);
        this.heartbeatSender = new HeartbeatSender(context, line, heartbeats);
        this.refresh = new RefreshLoop(context, line, standings, heartbeatSender, this::refreshed);
        this.meter = new RoomMeter(context, line);
        this.batches = new RoomBatches(context, line, standings);
        this.lifecycle = new RoomLifecycle(context, line, refresh::used);
        this.sessions = new LiveSessions(context, line, batches, lifecycle);
        this.joinOutcomes = new JoinOutcomeFactory(context, line, standings, heartbeats);
    }

    void start() {
        context.run(this::refreshNow);
    }

    /** Whether Redis has been read for this room. A service must not be served before its protection is known. */
    boolean loaded() {
        return line.loaded()
                && (line.published().isEmpty() || line.rules().site().loaded());
    }

    long answeredNanos() {
        return context.answeredNanos();
    }

    /** Answers all that wait, and stops refreshing. */
    void close() {
        lifecycle.close();
        refresh.stop();
        Unavailability why = new Unavailability(
                Unavailability.Cause.OVERLOADED,
                "this gateway process stops; another one serves the room",
                RETRY_AFTER_CLOSE);
        context.run(() -> {
            heartbeatSender.flush();
            line.close();
            batches.close(why);
        });
    }

    /** The room was deleted: every place is gone. */
    void end() {
        lifecycle.delete();
        refresh.stop();
        context.run(() -> {
            line.close();
            batches.end();
        });
    }

    @Override
    public RoomId id() {
        return context.id();
    }

    @Override
    public String eventId() {
        return context.eventId();
    }

    @Override
    public Optional<Policy> policy() {
        return line.published().map(RoomSnapshot::policy);
    }

    @Override
    public SiteSettings site() {
        return line.rules().site().current();
    }

    @Override
    public CompletionStage<JoinOutcome> join(Optional<VisitorKey> key, Optional<String> subject, boolean admit) {
        CompletableFuture<JoinOutcome> answer = new CompletableFuture<>();
        Optional<byte[]> hash = key.map(VisitorHashes::hash);
        long since = context.nanoTime();
        lifecycle.whileServed(
                () -> batches.join(
                        new JoinBatcher.Join(hash, admit, issued -> joinOutcomes.of(issued, subject)), answer, since),
                () -> answer.complete(
                        lifecycle.deleted()
                                ? new JoinOutcome.Closed()
                                : new JoinOutcome.Unavailable(lifecycle.notServed())));
        return answer;
    }

    @Override
    public TicketStatus status(Ticket ticket) {
        refresh.used();
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
        if (lifecycle.deleted()) {
            return TicketStatusCalculator.closed(
                    line.view(), ticket, context.clock().micros());
        }
        return switch (standings.polled(ticket)) {
            case Look.Waits(TicketStatus status, boolean lookup) -> {
                if (lookup) {
                    context.run(() -> line.lookUp(ticket.number()));
                } else {
                    here(ticket.number());
                }
                yield status;
            }
            case Look.Over(TicketStatus status) -> status;
        };
    }

    /** The ticket's visitor is here. */
    private void here(long ticket) {
        heartbeats.mark(ticket, context.clock().micros());
        if (standings.beyond(ticket)) {
            context.run(() -> lookUpBeyond(ticket));
        }
    }

    /** Asks about a ticket from beyond the replica. A line older than the ticket then begins an epoch, and restores the ticket. */
    private void lookUpBeyond(long ticket) {
        if (!line.behind() && !context.failing() && standings.beyond(ticket)) {
            line.lookUp(ticket);
        }
    }

    @Override
    public Optional<CompletionStage<Void>> unsettled(Ticket ticket) {
        if (lifecycle.deleted() || !standings.guesses(ticket) || context.away()) {
            return Optional.empty();
        }
        refresh.used();
        CompletableFuture<Void> said = new CompletableFuture<>();
        context.run(() -> line.lookUp(ticket.number()).thenAccept(said::complete));
        return Optional.of(said);
    }

    @Override
    public CompletionStage<AdmitOutcome> admit(Ticket ticket, Duration wait) {
        CompletableFuture<AdmitOutcome> answer = new CompletableFuture<>();
        Duration bounded = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
        lifecycle.whileServed(
                () -> {
                    switch (standings.look(ticket)) {
                        case Look.Over(TicketStatus status)
                        when status.state() != TicketStatus.State.ADMITTED ->
                            answer.complete(new AdmitOutcome.Gone(status.state()));
                        case Look.Over over -> batches.admit(ticket, bounded, answer);
                        case Look.Waits waits -> {
                            here(ticket.number());
                            batches.admit(ticket, bounded, answer);
                        }
                    }
                },
                () -> answer.complete(
                        lifecycle.deleted()
                                ? new AdmitOutcome.Gone(TicketStatus.State.CLOSED)
                                : new AdmitOutcome.Unavailable(lifecycle.notServed())));
        return standings.unlessMoved(ticket, answer);
    }

    @Override
    public CompletionStage<LeaveOutcome> leave(Ticket ticket) {
        CompletableFuture<LeaveOutcome> answer = new CompletableFuture<>();
        lifecycle.whileServed(
                () -> batches.leave(ticket, answer),
                () -> answer.complete(
                        lifecycle.deleted()
                                ? new LeaveOutcome.Left()
                                : new LeaveOutcome.Unavailable(lifecycle.notServed())));
        return answer;
    }

    @Override
    public CompletionStage<MoveOutcome> move(Ticket ticket, boolean anyway) {
        CompletableFuture<MoveOutcome> answer = new CompletableFuture<>();
        lifecycle.whileServed(
                () -> standings.move(ticket, anyway, answer),
                () -> answer.complete(
                        lifecycle.deleted()
                                ? new MoveOutcome.Over(TicketStatus.State.CLOSED)
                                : new MoveOutcome.Unavailable(lifecycle.notServed())));
        return answer;
    }

    @Override
    public RoomSessions sessions() {
        return sessions;
    }

    @Override
    public RoomFigures figures() {
        return meter.figures(batches.held());
    }

    private void refreshNow() {
        refresh.refreshNow();
    }

    /** A refresh that began at this time is complete. */
    private void refreshed(long beganNanos) {
        line.published().ifPresent(view -> {
            meter.observe(view);
            batches.decide(beganNanos);
        });
        batches.countHeld();
    }
}
