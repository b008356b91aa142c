package dev.waitingroom.queue.room;

import dev.waitingroom.queue.eta.LineTrends;
import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Which waiting visitors polled lately, read from Redis once a second, and the trend of departures. Use it on the room's thread only. */
final class PresenceTracker {
    private static final Duration REFRESH_PERIOD = Duration.ofSeconds(1);

    private final RoomContext context;
    private Optional<LineTrends> trends = Optional.empty();
    private Bits present = Bits.EMPTY;
    private long refreshedNanos;
    private boolean refreshing;

    PresenceTracker(RoomContext context) {
        this.context = context;
        this.refreshedNanos = context.nanoTime() - REFRESH_PERIOD.toNanos();
    }

    Bits present() {
        return present;
    }

    double departuresPerWaiterSecond() {
        return trends.map(LineTrends::departuresPerWaiterSecond).orElse(0.0);
    }

    /** Counts these tickets as present. */
    void add(long[] tickets) {
        Bits.Editor edit = present.edit();
        for (long ticket : tickets) {
            edit.add(ticket);
        }
        present = edit.build();
    }

    /** Counts tickets that joined or were restored as present. */
    void learn(List<Change> changes) {
        Bits.Editor edit = present.edit();
        for (Change change : changes) {
            if (change instanceof Change.Joined(long from, long to)) {
                edit.addAll(from, to);
            } else if (change instanceof Change.Restored(long[] tickets)) {
                Arrays.stream(tickets).forEach(edit::add);
            }
        }
        present = edit.build();
    }

    /** Drops tickets that do not wait. */
    void retain(Bits alive) {
        present = present.and(alive);
    }

    /**
     * Reads presence from Redis if a second has passed since the last time.
     *
     * @param view the snapshot that is published at the time of each step
     */
    void refresh(Supplier<RoomSnapshot> view) {
        long now = context.nanoTime();
        if (refreshing || now - refreshedNanos < REFRESH_PERIOD.toNanos()) {
            return;
        }
        refreshedNanos = now;
        refreshing = true;
        readFrom(0, view);
    }

    private void readFrom(int first, Supplier<RoomSnapshot> view) {
        long[] all = view.get().line().alive().segmentNumbers();
        long[] slice =
                Arrays.stream(all).skip(first).limit(RoomScripts.SLICE_SEGMENTS).toArray();
        if (slice.length == 0) {
            refreshing = false;
            observeTrends(view.get());
            return;
        }
        context.follow(context.scripts().presence(slice), ended -> {
            if (ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, List<SegmentBits> segments))) {
                Bits.Editor edit = present.edit();
                segments.forEach(segment -> edit.replace(segment.segment(), segment.bits()));
                present = edit.build();
                readFrom(first + slice.length, view);
            } else {
                refreshing = false;
            }
        });
    }

    private void observeTrends(RoomSnapshot view) {
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
