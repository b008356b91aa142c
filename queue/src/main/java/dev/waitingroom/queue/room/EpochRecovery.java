package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.Header;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process does when Redis has lost some of the line. A new epoch tells of the loss: the replica is uploaded before anything is
 * read anew. Use it on the room's thread only, except for {@link #losses}.
 */
final class EpochRecovery {
    static final Unavailability RECOVERING = new Unavailability(
            Unavailability.Cause.RECOVERING, "the line is recovering from a loss", Duration.ofSeconds(2));

    private static final Logger LOGGER = LoggerFactory.getLogger(EpochRecovery.class);

    private final RoomContext context;
    private final AdmissionReplica admissions;
    private final AtomicLong losses = new AtomicLong();
    private Optional<ReplicaUpload> upload = Optional.empty();
    private long lossesSeen = -1;

    EpochRecovery(RoomContext context, AdmissionReplica admissions) {
        this.context = context;
        this.admissions = admissions;
    }

    /** How often this process found some of the line lost. Any thread. */
    long losses() {
        return losses.get();
    }

    /** Whether the upload for the present epoch goes on, or the line has yet to recover. */
    boolean underWay() {
        return upload.isPresent();
    }

    /** Whether the header belongs to a newer epoch than the replica, and no upload for that epoch has begun. */
    boolean isNeeded(Header header, LineSnapshot replica) {
        return header.epoch() != replica.epoch()
                && upload.filter(current -> current.epoch() == header.epoch()).isEmpty();
    }

    /** Begins to upload the replica for the header's epoch. */
    void begin(Header header, LineSnapshot replica, Policy policy) {
        TicketOutcomes outcomes = admissions.outcomes();
        SessionReplica sessions = admissions.sessions();
        long reservedSince = admissions.reservedSince(policy);
        ReplicaUpload next = new ReplicaUpload(
                context,
                header,
                replica,
                outcomes.grantedSince(reservedSince),
                outcomes.departedAmong(replica.unknown(), reservedSince),
                sessions.activeAt(context.clock().micros() / 1_000),
                sessions.complete());
        upload = Optional.of(next);
        next.start();
    }

    /** Counts and logs the loss that began the header's epoch. */
    void noteEpoch(Header header) {
        warn(header, "Redis lost part of the line; uploading this gateway's replica");
    }

    /** Counts and logs keys that Redis lost and the scripts made anew at once. */
    void noteLosses(Header header) {
        if (lossesSeen >= 0 && header.losses() > lossesSeen && upload.isEmpty()) {
            warn(header, "Redis lost a key of the line; no place depends on it");
        }
        lossesSeen = header.losses();
    }

    /** Ends the recovery if the upload is done and the line has recovered. */
    void endIfOver(Header header, long nowMicros) {
        if (upload.isPresent() && upload.get().done() && header.recoveringUntilMicros() <= nowMicros) {
            upload = Optional.empty();
            LOGGER.atInfo()
                    .addKeyValue(LogKeys.EVENT_ID, context.eventId())
                    .addKeyValue(LogKeys.ROOM, context.id())
                    .addKeyValue(LogKeys.EPOCH, header.epoch())
                    .addKeyValue(LogKeys.WAITING, header.waiting())
                    .log("the line has recovered");
        }
    }

    /** This process no longer serves the room. */
    void close() {
        upload.ifPresent(ReplicaUpload::end);
    }

    private void warn(Header header, String message) {
        losses.incrementAndGet();
        LOGGER.atWarn()
                .addKeyValue(LogKeys.EVENT_ID, context.eventId())
                .addKeyValue(LogKeys.ROOM, context.id())
                .addKeyValue(LogKeys.EPOCH, header.epoch())
                .addKeyValue(LogKeys.REDIS_KEY, header.lostKey())
                .log(message);
    }
}
