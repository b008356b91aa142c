package dev.waitingroom.queue.store;

import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import java.util.List;

/**
 * An answer of {@link RoomScripts#snapshot}.
 *
 * @param complete whether the caller has, after this, all up to the header's sequence; otherwise ask again from {@code sequence}
 * @param sequence up to which changes and segments go
 * @param full the caller was too far behind: its copy is void, {@code changes} is empty, and the segments begin the line anew
 * @param changes since the caller's sequence, in order; to be applied before the segments
 * @param segments whole segments: alive bits
 */
public record SnapshotReply(
        Header header,
        boolean complete,
        long sequence,
        boolean full,
        List<Change> changes,
        List<SegmentBits> segments) {}
