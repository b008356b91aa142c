package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.eta.LineTrends;
import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.redis.Reply;
import dev.waitingroom.queue.redis.RoomScripts.Change;
import dev.waitingroom.queue.redis.RoomScripts.Header;
import dev.waitingroom.queue.redis.RoomScripts.Present;
import dev.waitingroom.queue.redis.RoomScripts.SegmentBits;
import dev.waitingroom.queue.redis.RoomScripts.SnapshotReply;
import dev.waitingroom.queue.room.TicketOutcomes.Fate;
import dev.waitingroom.queue.room.TicketStatusCalculator.Look;
import dev.waitingroom.queue.ticket.Ticket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process's copy of the line, and publishes it as a {@link RoomSnapshot}. When Redis lost some of the line (another epoch), the copy is
 * merged back first, and goes on serving polls until the line has recovered: so that a position, seen here, never grows. On the room's
 * loop only, except for {@link #published} and {@link #look}.
 */
final class LineReplica {
    static final Unavailability NO_POLICY = new Unavailability(
            Unavailability.Cause.NO_POLICY, "Redis holds no policy for the room", Duration.ofSeconds(2));
    static final Unavailability RECOVERING =
            new Unavailability(Unavailability.Cause.RECOVERING, "the line is being put back", Duration.ofSeconds(2));

    private static final Logger LOGGER = LoggerFactory.getLogger(LineReplica.class);
    private static final Duration PRESENCE_EVERY = Duration.ofSeconds(1);

    private final RoomContext loop;
    private final Heartbeats heartbeats;
    private final TicketOutcomes fates = new TicketOutcomes();
    private final EntryPromises arrivals = new EntryPromises();
    private final RestoreBatcher lookups;
    private final SnapshotAssembler reader = new SnapshotAssembler();
    private final Runnable wake;

    private volatile Optional<RoomSnapshot> published = Optional.empty();
    private volatile boolean loaded;
    private final AtomicLong losses = new AtomicLong();
    private Optional<ReplicaUpload> merging = Optional.empty();
    private Optional<GrantReader> grants = Optional.empty();
    private Optional<LineTrends> trends = Optional.empty();
    private Bits present = Bits.EMPTY;
    private long presenceNanos;
    private boolean presenceUnderWay;
    private Map<String, String> policyFields = Map.of();
    private Optional<Policy> policy = Optional.empty();
    private long highestSeen;
    private long lossesTold = -1;

    LineReplica(RoomContext loop, Heartbeats heartbeats, Runnable wake) {
        this.loop = loop;
        this.heartbeats = heartbeats;
        this.wake = wake;
        this.lookups = new RestoreBatcher(loop, this);
        this.presenceNanos = loop.nanoTime() - PRESENCE_EVERY.toNanos();
    }

    // --- for any thread ---

    /** What polls are answered from; empty until the line was read, or while there never was a policy. */
    Optional<RoomSnapshot> published() {
        return published;
    }

    /** Whether Redis has been read, the admitted included, be it that it holds no line. */
    boolean loaded() {
        return loaded;
    }

    /** How often some of the line was found lost. */
    long losses() {
        return losses.get();
    }

    /** Where a ticket stands; the view must be published. */
    Look look(Ticket ticket) {
        return look(view(), ticket, arrivals::promised);
    }

    /** The same for its visitor, who is here then, and may be told to enter. */
    Look polled(Ticket ticket) {
        RoomSnapshot view = view();
        Look look = look(
                view,
                ticket,
                number -> arrivals.mayEnter(
                        number,
                        TicketStatusCalculator.grantsSoon(view, loop.clock().micros()),
                        loop.nanoTime()));
        if (look instanceof Look.Waits(TicketStatus status, boolean lookup)) {
            arrivals.expect(ticket.number(), status.pollAfter(), loop.nanoTime());
        }
        return look;
    }

    /** Whether it can only be guessed where the ticket stands, until Redis has said; any thread. */
    boolean guesses(Ticket ticket) {
        return published()
                .filter(view -> TicketStatusCalculator.guesses(view, fates, ticket))
                .isPresent();
    }

    /** Whether the ticket is later than this copy: issued a moment ago through another gateway, or by a newer line than Redis holds; any thread. */
    boolean beyond(long ticket) {
        return published()
                .map(RoomSnapshot::line)
                .filter(copy -> ticket >= copy.next() && copy.standing(ticket) == LineSnapshot.Standing.BEYOND)
                .isPresent();
    }

    private Look look(RoomSnapshot view, Ticket ticket, LongPredicate entry) {
        return TicketStatusCalculator.look(
                view, fates, ticket, entry, loop.clock().micros(), ThreadLocalRandom.current());
    }

    // --- for what works on the line ---

    RoomSnapshot view() {
        return published.orElseThrow();
    }

    TicketOutcomes fates() {
        return fates;
    }

    EntryPromises arrivals() {
        return arrivals;
    }

    /** Who of the called is here, for a tick. */
    Present present() {
        LineSnapshot line = view().line();
        return arrivals.present(
                ticket -> line.standing(ticket) != LineSnapshot.Standing.ABSENT
                        || fates.of(ticket).map(Fate.Asleep.class::isInstance).orElse(true),
                loop.nanoTime());
    }

    /** No call can be made yet. */
    boolean epochUnknown() {
        return loop.epoch() == 0 || published.isEmpty();
    }

    long highestSeen() {
        return highestSeen;
    }

    /** Whether the line is being put back, or this process has yet to read it anew. */
    boolean recovering() {
        return merging.isPresent()
                || published.map(v -> v.recovering(loop.clock().micros())).orElse(false);
    }

    /**
     * Whether polls are answered from a copy of an earlier epoch. Who joined meanwhile would be told a position without those who join
     * through other gateways, and it would grow: nobody joins until then.
     */
    boolean behind() {
        return merging.isPresent()
                || published.filter(view -> view.line().epoch() == loop.epoch()).isEmpty();
    }

    /** Whether there are tokens for everyone up to the ticket, now or while an admit is held: then its turn comes with a tick. */
    boolean isCalledSoon(Ticket ticket) {
        return view().line().position(ticket.number())
                <= TicketStatusCalculator.grantsSoon(view(), loop.clock().micros());
    }

    /** Whether Redis might still find the ticket waiting. */
    boolean mayWait(Ticket ticket) {
        return look(ticket) instanceof Look.Waits;
    }

    void refreshSoon() {
        wake.run();
    }

    /** The room is served no more. */
    void close() {
        merging.ifPresent(ReplicaUpload::end);
    }

    /** Asks Redis about a ticket; done when it has said, or will not in time. */
    CompletionStage<Void> lookUp(long ticket) {
        return lookups.add(ticket);
    }

    /** Asks about a ticket from beyond the copy: a line that is older than the ticket begins an epoch then, and the ticket is restored. */
    void lookUpBeyond(long ticket) {
        if (!behind() && !loop.failing() && beyond(ticket)) {
            lookups.add(ticket);
        }
    }

    /** Redis gave out these tickets; to who had one already, perhaps as asleep: of those that it knows the copy goes by what it knows. */
    void issued(long[] tickets) {
        long next = view().line().next();
        waiting(Arrays.stream(tickets).filter(ticket -> ticket >= next).toArray());
    }

    /** Whether the line was read later than this, Redis' clock in µs: what Redis said then may be over. */
    boolean readSince(long micros) {
        return published.filter(view -> view.asOfMicros() > micros).isPresent();
    }

    /** Redis says that these tickets wait; they count in the estimates at once. */
    void waiting(long[] tickets) {
        Bits.Editor edit = present.edit();
        for (long ticket : tickets) {
            highestSeen = Math.max(highestSeen, ticket);
            edit.add(ticket);
        }
        present = edit.build();
        published.ifPresent(view -> published =
                Optional.of(view.withLine(view.line().waiting(tickets)).withPresent(present)));
        reader.copy().ifPresent(copy -> reader.update(copy.waiting(tickets)));
    }

    /** Redis says that these tickets do not wait any more. */
    void departed(long[] tickets) {
        published.ifPresent(
                view -> published = Optional.of(view.withLine(view.line().departed(tickets))));
        reader.copy().ifPresent(copy -> reader.update(copy.departed(tickets)));
    }

    /** Tokens were taken through this gateway: until the line is read again they are not promised to others. */
    void tokensTaken(long tokens, long nowMicros) {
        published =
                published.map(view -> nowMicros > view.asOfMicros() ? view.withTokensTaken(tokens, nowMicros) : view);
    }

    /** Redis names another epoch than we did. */
    void epochIs(long epoch) {
        if (epoch != loop.epoch()) {
            loop.epoch(epoch);
            wake.run();
        }
    }

    // --- refreshing ---

    SnapshotAssembler.Query query() {
        return reader.query();
    }

    /** Reads an answer; whether there is more to be asked for at once. */
    boolean read(Reply<SnapshotReply> reply) {
        return switch (reply) {
            case Reply.Done(long now, SnapshotReply snapshot) -> read(snapshot, now);
            case Reply.NoPolicy<SnapshotReply> none -> {
                loaded = true;
                yield false;
            }
            case Reply.StaleEpoch<SnapshotReply> stale -> false;
            case Reply.Late<SnapshotReply> late -> false;
        };
    }

    private boolean read(SnapshotReply snapshot, long nowMicros) {
        Header header = snapshot.header();
        followEpoch(header);
        followLosses(header);
        if (snapshot.full()) {
            readGrants();
        }
        snapshot.changes().forEach(fates::learn);
        snapshot.segments().forEach(changed -> fates.forgetAsleep(changed.segment()));
        notePresent(snapshot);
        heartbeats.follow(header.beatGeneration(), header.beatGenerationStartMicros(), header.beatGenerationMicros());
        readPolicy(header);
        if (!reader.read(snapshot)) {
            return true;
        }
        highestSeen = Math.max(highestSeen, header.next() - 1);
        loop.peers(header.peers());
        if (merging.isPresent() && merging.get().done() && header.recoveringUntilMicros() <= nowMicros) {
            merging = Optional.empty();
            LOGGER.atInfo()
                    .addKeyValue(LogKeys.EVENT_ID, loop.eventId())
                    .addKeyValue(LogKeys.ROOM, loop.id())
                    .addKeyValue(LogKeys.EPOCH, header.epoch())
                    .addKeyValue(LogKeys.WAITING, header.waiting())
                    .log("the line is back");
        }
        policy.ifPresentOrElse(
                p -> {
                    publish(header, p, nowMicros);
                    grants.ifPresent(reader -> reader.goOn(reservedSince(p)));
                },
                () -> loaded = true);
        refreshPresence();
        lookups.send();
        return false;
    }

    /** Redis lost some of the line: what this process knows goes back before anything is read anew. */
    private void followEpoch(Header header) {
        Optional<LineSnapshot> serving = published.map(RoomSnapshot::line);
        if (serving.isPresent()
                && header.epoch() != serving.get().epoch()
                && merging.filter(m -> m.epoch() == header.epoch()).isEmpty()) {
            warn(header, "Redis lost some of the line; putting back what this gateway knows");
            reader.reset(serving.get());
            arrivals.revoke();
            loop.epoch(header.epoch());
            grants.ifPresent(GrantReader::end);
            long reservedSince = reservedSince(view().policy());
            ReplicaUpload merge = new ReplicaUpload(
                    loop,
                    header,
                    serving.get(),
                    fates.grantedSince(reservedSince),
                    fates.departedAmong(serving.get().unknown(), reservedSince));
            merging = Optional.of(merge);
            merge.start();
        }
        loop.epoch(header.epoch());
    }

    /** Keys that Redis lost and the scripts made anew at once. */
    private void followLosses(Header header) {
        if (lossesTold >= 0 && header.losses() > lossesTold && merging.isEmpty()) {
            warn(header, "Redis lost a key of the line; nobody's place depends on it");
        }
        lossesTold = header.losses();
    }

    private void warn(Header header, String what) {
        losses.incrementAndGet();
        LOGGER.atWarn()
                .addKeyValue(LogKeys.EVENT_ID, loop.eventId())
                .addKeyValue(LogKeys.ROOM, loop.id())
                .addKeyValue(LogKeys.EPOCH, header.epoch())
                .addKeyValue(LogKeys.REDIS_KEY, header.lostKey())
                .log(what);
    }

    /** The line anew, without what the journal told: who was admitted meanwhile is told by the pages alone. */
    private void readGrants() {
        grants.ifPresent(GrantReader::end);
        grants = Optional.of(new GrantReader(loop, fates, () -> loaded = true));
    }

    /** Since when those who were admitted have a reservation that is valid, ms. */
    private long reservedSince(Policy now) {
        return loop.clock().micros() / 1_000 - now.reservationTtl().toMillis();
    }

    private void readPolicy(Header header) {
        if (header.policy().isEmpty() || header.policy().equals(policyFields)) {
            return;
        }
        policyFields = header.policy();
        try {
            policy = Optional.of(PolicyCodec.decode(policyFields));
        } catch (IllegalArgumentException e) {
            LOGGER.atError()
                    .addKeyValue(LogKeys.EVENT_ID, loop.eventId())
                    .addKeyValue(LogKeys.ROOM, loop.id())
                    .addKeyValue(LogKeys.DETAIL, e.getMessage())
                    .log("The policy in Redis makes no sense; going on with the last one that did");
        }
    }

    /** While a copy is being merged polls go on being answered from it, as old as it is, with what is new of the rest. */
    private void publish(Header header, Policy now, long nowMicros) {
        boolean old = merging.isPresent();
        TokenBucket.Limit limit = TokenBucket.Limit.of(now);
        if (published.filter(view -> !view.limit().equals(limit)).isPresent()) {
            arrivals.revoke(); // they were promised tokens of another bucket
        }
        LineSnapshot line = old ? view().line() : reader.copy().orElseThrow();
        present = old ? present : present.and(line.alive());
        published = Optional.of(new RoomSnapshot(
                line,
                header,
                now,
                limit,
                new TokenBucket(header.tatMicros(), header.tatFraction()),
                present,
                trends.map(LineTrends::departuresPerWaiterSecond).orElse(0.0),
                old ? view().asOfMicros() : nowMicros));
    }

    // --- who is there ---

    private void notePresent(SnapshotReply snapshot) {
        Bits.Editor edit = present.edit();
        for (Change change : snapshot.changes()) {
            if (change instanceof Change.Joined(long from, long to)) {
                edit.addAll(from, to);
            } else if (change instanceof Change.Restored(long[] tickets)) {
                Arrays.stream(tickets).forEach(edit::add);
            }
        }
        present = edit.build();
    }

    private void refreshPresence() {
        long now = loop.nanoTime();
        if (presenceUnderWay || epochUnknown() || now - presenceNanos < PRESENCE_EVERY.toNanos()) {
            return;
        }
        presenceNanos = now;
        presenceUnderWay = true;
        presenceFrom(0);
    }

    private void presenceFrom(int first) {
        long[] all = view().line().alive().segmentNumbers();
        long[] slice = Arrays.stream(all)
                .skip(first)
                .limit(dev.waitingroom.queue.redis.RoomScripts.SLICE_SEGMENTS)
                .toArray();
        if (slice.length == 0) {
            presenceUnderWay = false;
            observeTrends();
            return;
        }
        loop.follow(loop.scripts().presence(slice), ended -> {
            if (ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, List<SegmentBits> segments))) {
                Bits.Editor edit = present.edit();
                segments.forEach(segment -> edit.replace(segment.segment(), segment.bits()));
                present = edit.build();
                presenceFrom(first + slice.length);
            } else {
                presenceUnderWay = false;
            }
        });
    }

    private void observeTrends() {
        RoomSnapshot view = view();
        LineTrends.Sample sample = new LineTrends.Sample(
                view.asOfMicros(),
                view.header().joined(),
                view.header().granted(),
                present.and(view.line().alive()).count());
        if (trends.isPresent() && view.policy().mode() != Mode.PASS) {
            trends.get().observe(sample);
        } else {
            trends = Optional.of(new LineTrends(sample));
        }
    }
}
