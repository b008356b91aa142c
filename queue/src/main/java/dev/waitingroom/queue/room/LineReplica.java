package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.SnapshotReply;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * This process's replica of the line, published as a {@link RoomSnapshot}. During a recovery the replica of the earlier epoch goes on
 * answering polls, so that a position seen here never grows. Use it on the room's thread only, except where a method says otherwise.
 */
final class LineReplica {
    private final RoomContext context;
    private final Heartbeats heartbeats;
    private final EntryPromises promises = new EntryPromises();
    private final RestoreBatcher restores;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private final AdmissionReplica admissions;
    private final EpochRecovery recovery;
    private final PresenceTracker presence;
    private final PolicyReader policy;
    private final Runnable wake;

    private volatile Optional<RoomSnapshot> published = Optional.empty();
    private volatile boolean loaded;
    private long highestSeen;

    /** @param wake refreshes the replica now */
    LineReplica(RoomContext context, Heartbeats heartbeats, Runnable wake) {
        this.context = context;
        this.heartbeats = heartbeats;
        this.wake = wake;
        this.admissions = new AdmissionReplica(context, () -> loaded = true);
        this.recovery = new EpochRecovery(context, admissions);
        this.presence = new PresenceTracker(context);
        this.policy = new PolicyReader(context);
        this.restores = new RestoreBatcher(context, this);
    }

    /** The snapshot that polls are answered from. Empty until the line was read, or while there never was a policy. */
    Optional<RoomSnapshot> published() {
        return published;
    }

    /** The same, once it is published. */
    RoomSnapshot view() {
        return published.orElseThrow();
    }

    /** Whether Redis has been read, the admitted included, even if it has no line. */
    boolean loaded() {
        return loaded;
    }

    PolicyReader rules() {
        return policy;
    }

    /** How often this process found some of the line lost. */
    long losses() {
        return recovery.losses();
    }

    AdmissionReplica admissions() {
        return admissions;
    }

    EntryPromises promises() {
        return promises;
    }

    /** Whether no call can be made yet. */
    boolean epochUnknown() {
        return context.epoch() == 0 || published.isEmpty();
    }

    long highestSeen() {
        return highestSeen;
    }

    /** Whether the line is being put back, or this process has yet to read it anew. */
    boolean recovering() {
        return recovery.underWay()
                || published
                        .map(view -> view.recovering(context.clock().micros()))
                        .orElse(false);
    }

    /**
     * Whether polls are answered from a replica of an earlier epoch. A position told now would leave out joins through other gateways, and
     * would grow: so nobody joins until the replica is current.
     */
    boolean behind() {
        return recovery.underWay()
                || published
                        .filter(view -> view.line().epoch() == context.epoch())
                        .isEmpty();
    }

    void refreshSoon() {
        wake.run();
    }

    void close() {
        recovery.close();
    }

    /** Asks Redis about a ticket. Done when Redis has answered, or will not in time. */
    CompletionStage<Void> lookUp(long ticket) {
        return restores.add(ticket);
    }

    /** Redis issued these tickets. One from before the replica's end was held already, perhaps asleep: the replica knows its standing. */
    void issued(long[] tickets) {
        long next = view().line().next();
        waiting(Arrays.stream(tickets).filter(ticket -> ticket >= next).toArray());
    }

    /** Redis says that these tickets wait. The estimates count them at once. */
    void waiting(long[] tickets) {
        for (long ticket : tickets) {
            highestSeen = Math.max(highestSeen, ticket);
        }
        presence.add(tickets);
        published.ifPresent(view -> published =
                Optional.of(view.withLine(view.line().waiting(tickets)).withPresent(presence.present())));
        assembler.copy().ifPresent(copy -> assembler.update(copy.waiting(tickets)));
    }

    /** Redis says that these tickets do not wait any more. */
    void departed(long[] tickets) {
        published.ifPresent(
                view -> published = Optional.of(view.withLine(view.line().departed(tickets))));
        assembler.copy().ifPresent(copy -> assembler.update(copy.departed(tickets)));
    }

    /** Redis admitted this ticket, now or earlier. */
    void granted(long ticket, long atMillis) {
        admissions.granted(ticket, atMillis, view().policy());
    }

    /** This gateway took tokens. They are not promised again before the next snapshot. */
    void tokensTaken(long tokens, long nowMicros) {
        published =
                published.map(view -> nowMicros > view.asOfMicros() ? view.withTokensTaken(tokens, nowMicros) : view);
    }

    /** Redis named this epoch. */
    void epochIs(long epoch) {
        if (epoch != context.epoch()) {
            context.epoch(epoch);
            wake.run();
        }
    }

    SnapshotAssembler.Query query() {
        return assembler.query();
    }

    /** Reads an answer. Returns whether more must be asked for at once. */
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
        recovery.noteLosses(header);
        if (snapshot.full()) {
            admissions.begin();
        }
        admissions.learn(snapshot.changes());
        snapshot.segments().forEach(changed -> admissions.outcomes().forgetAsleep(changed.segment()));
        presence.learn(snapshot.changes());
        heartbeats.follow(header.beatGeneration(), header.beatGenerationStartMicros(), header.beatGenerationMicros());
        policy.read(header.policy());
        if (!assembler.read(snapshot)) {
            return true;
        }
        highestSeen = Math.max(highestSeen, header.next() - 1);
        context.peers(header.peers());
        recovery.endIfOver(header, nowMicros);
        policy.policy()
                .ifPresentOrElse(
                        current -> {
                            publish(header, current, nowMicros);
                            admissions.goOn(current, header, nowMicros);
                        },
                        () -> loaded = true);
        if (!epochUnknown()) {
            presence.refresh(this::view);
        }
        restores.send();
        return false;
    }

    private void followEpoch(Header header) {
        Optional<LineSnapshot> serving = published.map(RoomSnapshot::line);
        if (serving.isPresent() && recovery.isNeeded(header, serving.get())) {
            recovery.noteEpoch(header);
            assembler.reset(serving.get());
            promises.revoke();
            context.epoch(header.epoch());
            admissions.end();
            recovery.begin(header, serving.get(), view().policy());
        }
        context.epoch(header.epoch());
    }

    /** During an upload polls are still answered from the old replica, with all other figures as of now. */
    private void publish(Header header, Policy current, long nowMicros) {
        boolean old = recovery.underWay();
        TokenBucket.Limit limit = TokenBucket.Limit.of(current);
        if (published
                .filter(view ->
                        !view.limit().equals(limit) || !view.policy().cap().equals(current.cap()))
                .isPresent()) {
            promises.revoke(); // they were promised tokens of another bucket
        }
        LineSnapshot line = old ? view().line() : assembler.copy().orElseThrow();
        if (!old) {
            presence.retain(line.alive());
        }
        published = Optional.of(new RoomSnapshot(
                line,
                header,
                current,
                limit,
                new TokenBucket(header.tatMicros(), header.tatFraction()),
                presence.present(),
                presence.departuresPerWaiterSecond(),
                header.sessions().active(),
                old ? view().asOfMicros() : nowMicros));
    }
}
