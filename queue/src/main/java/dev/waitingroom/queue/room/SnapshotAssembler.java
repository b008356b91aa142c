package dev.waitingroom.queue.room;

import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.SnapshotReply;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Assembles a copy of the line from the answers of {@link RoomScripts#snapshot}: from changes if the copy is recent, else from whole
 * segments. Says what to ask for next. No I/O; not thread-safe.
 */
final class SnapshotAssembler {
    /** What to ask for. */
    record Query(long epoch, long sequence, OptionalLong fromSegment) {}

    private record Progress(long epoch, long sequence, Bits alive, OptionalLong fromSegment) {}

    private Optional<Progress> progress = Optional.empty();
    private Optional<LineSnapshot> copy = Optional.empty();
    private Optional<LineSnapshot> told = Optional.empty();

    /** The copy, as of the last answer that completed it. */
    Optional<LineSnapshot> copy() {
        return copy;
    }

    /** Replaces the copy by one that knows what Redis acknowledged since the last answer. */
    void update(LineSnapshot newer) {
        copy = Optional.of(newer);
    }

    /** Starts anew while this copy is uploaded. What is read then includes the knowledge of that copy. */
    void reset(LineSnapshot merged) {
        progress = Optional.empty();
        copy = Optional.empty();
        told = Optional.of(merged);
    }

    Query query() {
        return progress.map(p -> new Query(p.epoch, p.sequence, p.fromSegment))
                .or(() -> copy.map(c -> new Query(c.epoch(), c.sequence(), OptionalLong.empty())))
                .orElse(new Query(0, 0, OptionalLong.empty()));
    }

    /** Reads an answer to {@link #query}. Returns whether the copy is complete; otherwise there is more to ask for at once. */
    boolean read(SnapshotReply reply) {
        Header header = reply.header();
        Bits alive = reply.full()
                ? Bits.EMPTY
                : progress.map(Progress::alive)
                        .or(() -> copy.map(LineSnapshot::alive))
                        .orElse(Bits.EMPTY);
        Bits.Editor edit = alive.edit();
        for (Change change : reply.changes()) {
            apply(edit, change);
        }
        for (SegmentBits segment : reply.segments()) {
            edit.replace(segment.segment(), segment.bits());
        }
        Bits now = edit.build();
        if (!reply.complete()) {
            progress = Optional.of(new Progress(header.epoch(), reply.sequence(), now, nextSegment(reply)));
            return false;
        }
        progress = Optional.empty();
        copy = Optional.of(complete(header, now));
        return true;
    }

    /** A full load goes on while its slices are full. After that only changes are missing. */
    private OptionalLong nextSegment(SnapshotReply reply) {
        boolean loading = reply.full() || query().fromSegment().isPresent();
        List<SegmentBits> slice = reply.segments();
        return loading && slice.size() == RoomScripts.SLICE_SEGMENTS
                ? OptionalLong.of(slice.getLast().segment() + 1)
                : OptionalLong.empty();
    }

    private LineSnapshot complete(Header header, Bits read) {
        Bits.Editor edit = read.edit().retain(header.segments());
        // Redis acknowledged these to this process after it made the answer.
        copy.ifPresent(old -> {
            for (long ticket : old.alive().from(header.next())) {
                edit.add(ticket);
            }
        });
        List<Long> departed = copy.map(LineSnapshot::departedBeyond).orElse(List.of()).stream()
                .filter(ticket -> ticket >= header.next())
                .toList();
        departed.forEach(edit::remove);
        if (header.lost().isEmpty()) {
            told = Optional.empty();
        }
        return new LineSnapshot(
                header.epoch(),
                header.sequence(),
                header.next(),
                told.map(merged -> merged.unknownAmong(header.lost())).orElse(header.lost()),
                header.horizon(),
                edit.build(),
                departed);
    }

    private static void apply(Bits.Editor edit, Change change) {
        switch (change) {
            case Change.Joined(long from, long to) -> edit.addAll(from, to);
            case Change.Granted(long[] tickets, long[] at) -> removeAll(edit, tickets);
            case Change.Left(long[] tickets) -> removeAll(edit, tickets);
            case Change.Sessions sessions -> {}
            case Change.Restored(long[] tickets) -> {
                for (long ticket : tickets) {
                    edit.add(ticket);
                }
            }
        }
    }

    private static void removeAll(Bits.Editor edit, long[] tickets) {
        for (long ticket : tickets) {
            edit.remove(ticket);
        }
    }
}
