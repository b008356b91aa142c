package dev.waitingroom.gateway;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.eta.Eta;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.room.AdmitOutcome;
import dev.waitingroom.queue.room.JoinOutcome;
import dev.waitingroom.queue.room.LeaveOutcome;
import dev.waitingroom.queue.room.MoveOutcome;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomFigures;
import dev.waitingroom.queue.room.RoomSessions;
import dev.waitingroom.queue.room.SessionOutcome;
import dev.waitingroom.queue.room.TicketStatus;
import dev.waitingroom.queue.room.VisitorKey;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A room with answers that a test sets. It records its calls. */
public final class FakeRoom implements Room {
    public static final Instant NOW = Instant.parse("2026-11-24T12:00:00.250Z");
    public static final long INCARNATION = 7;

    private final String eventId;

    public volatile Optional<Policy> policy;
    public volatile SiteSettings site = SiteSettings.DEFAULT;
    /** Whether the room has a fault that nobody foresaw. */
    public volatile boolean fails;

    public volatile TicketStatus status = waiting(42);
    /** Changes what each call of status returns. */
    public volatile UnaryOperator<TicketStatus> told = UnaryOperator.identity();

    public volatile Optional<CompletionStage<Void>> unsettled = Optional.empty();
    public volatile CompletionStage<JoinOutcome> joins;
    public volatile CompletionStage<AdmitOutcome> admits = done(new AdmitOutcome.Granted(NOW, Duration.ofMinutes(2)));
    public volatile CompletionStage<LeaveOutcome> leaves = done(new LeaveOutcome.Left());
    public volatile Function<Ticket, CompletionStage<MoveOutcome>> moved =
            ticket -> done(new MoveOutcome.Moved(ticket.on(ticket.device() + 1)));
    public final List<Ticket> left = new CopyOnWriteArrayList<>();
    public final List<Boolean> moves = new CopyOnWriteArrayList<>();
    public volatile CompletionStage<SessionOutcome> sessions = done(new SessionOutcome.Over());
    public final Set<Long> endedSessions = ConcurrentHashMap.newKeySet();
    public final List<Long> renewed = new CopyOnWriteArrayList<>();
    public final List<Long> ended = new CopyOnWriteArrayList<>();
    public final List<Optional<VisitorKey>> keys = new CopyOnWriteArrayList<>();
    public final List<Optional<String>> subjects = new CopyOnWriteArrayList<>();
    public final List<Boolean> asksToAdmit = new CopyOnWriteArrayList<>();
    public final List<Ticket> asked = new CopyOnWriteArrayList<>();
    public final List<Duration> waits = new CopyOnWriteArrayList<>();

    /** The tickets of all calls. */
    public List<Ticket> asked() {
        return List.copyOf(asked);
    }

    public FakeRoom(String eventId) {
        this.eventId = eventId;
        this.policy = Optional.of(policy(eventId, INCARNATION));
        this.joins = done(new JoinOutcome.Joined(ticket(eventId), waiting(42)));
    }

    public static <T> CompletionStage<T> done(T outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    public static Ticket ticket(String eventId) {
        return new Ticket(eventId, INCARNATION, 1_000_001, NOW.minusMillis(4_999), Optional.empty());
    }

    public static TicketStatus waiting(long position) {
        Eta eta = new Eta(Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofMillis(5_200));
        return new TicketStatus(
                TicketStatus.State.WAITING,
                position,
                Optional.of(eta),
                Duration.ofMillis(4_999),
                false,
                false,
                Duration.ofMillis(1_100),
                NOW);
    }

    public static TicketStatus gone(TicketStatus.State state) {
        return new TicketStatus(
                state, 0, Optional.empty(), Duration.ofSeconds(9), false, false, Duration.ofMinutes(1), NOW);
    }

    public static Policy policy(String eventId, long incarnation) {
        return new Policy(
                eventId,
                incarnation,
                1,
                Mode.QUEUE,
                10,
                Duration.ofSeconds(1),
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                OptionalLong.empty(),
                Duration.ofMinutes(2),
                "");
    }

    @Override
    public RoomId id() {
        return new RoomId("default", "concert");
    }

    @Override
    public String eventId() {
        return eventId;
    }

    @Override
    public Optional<Policy> policy() {
        return policy;
    }

    @Override
    public SiteSettings site() {
        if (fails) {
            throw new IllegalStateException("the room fails");
        }
        return site;
    }

    @Override
    public CompletionStage<JoinOutcome> join(Optional<VisitorKey> key, Optional<String> subject, boolean admit) {
        keys.add(key);
        subjects.add(subject);
        asksToAdmit.add(admit);
        return joins;
    }

    @Override
    public TicketStatus status(Ticket ticket) {
        asked.add(ticket);
        return told.apply(status);
    }

    @Override
    public Optional<CompletionStage<Void>> unsettled(Ticket ticket) {
        return unsettled;
    }

    @Override
    public CompletionStage<AdmitOutcome> admit(Ticket ticket, Duration wait) {
        asked.add(ticket);
        waits.add(wait);
        return admits;
    }

    @Override
    public CompletionStage<LeaveOutcome> leave(Ticket ticket) {
        asked.add(ticket);
        left.add(ticket);
        return leaves;
    }

    @Override
    public CompletionStage<MoveOutcome> move(Ticket ticket, boolean anyway) {
        moves.add(anyway);
        asked.add(ticket);
        return moved.apply(ticket);
    }

    @Override
    public RoomSessions sessions() {
        return new RoomSessions() {
            @Override
            public CompletionStage<SessionOutcome> renew(long ticket, Instant until) {
                renewed.add(ticket);
                return sessions;
            }

            @Override
            public CompletionStage<SessionOutcome> end(long ticket) {
                ended.add(ticket);
                return sessions;
            }

            @Override
            public boolean ended(long ticket) {
                return endedSessions.contains(ticket);
            }
        };
    }

    @Override
    public RoomFigures figures() {
        return new RoomFigures(
                3, 1_000, 11, 20, 5, 2, 1, 1, 7, 2, 4, 9.5, Duration.ofSeconds(3), Duration.ofMillis(125));
    }
}
