package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.line.Bits;
import dev.waitingroom.queue.line.LineSnapshot;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.Call;
import dev.waitingroom.queue.store.RoomScripts.Merge;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads a replica of the line to Redis, slice by slice, for one epoch. An unanswered slice is sent again, since merging twice does no
 * harm. Use it on the room's thread only.
 */
final class ReplicaUpload {
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaUpload.class);
    private static final Duration RETRY = Duration.ofMillis(100);

    private final RoomContext context;
    private final long epoch;
    private final int gateways;
    private final boolean allSessions;
    private final List<Merge> slices;
    private int next;
    private boolean ending;
    private boolean over;

    /**
     *
     * @param header of the line in Redis. The replica knows that segments it lacks are empty
     * @param grants admitted tickets with a valid reservation, as pairs with the time (ms)
     * @param departed tickets that are gone, though the replica itself does not say so
     * @param sessions active sessions, as pairs of when they run out (ms) and ticket
     * @param allSessions whether these are all
     */
    ReplicaUpload(
            RoomContext context,
            Header header,
            LineSnapshot copy,
            long[][] grants,
            long[] departed,
            long[][] sessions,
            boolean allSessions) {
        this.context = context;
        this.epoch = header.epoch();
        this.gateways = context.peers(); // before the loss: afterwards only those tick that are back
        this.allSessions = allSessions;
        this.slices = slices(header, copy, grants, departed, sessions);
    }

    long epoch() {
        return epoch;
    }

    /** Whether Redis has all slices, a newer epoch made the upload void, or the room is gone. */
    boolean done() {
        return over;
    }

    /** This process no longer serves the room. The upload goes on, but does not wait for a policy: a removed room never gets one. */
    void end() {
        ending = true;
    }

    void start() {
        send();
    }

    private void send() {
        Merge slice = slices.get(next);
        Call call = context.call(RoomScripts.CALL_TIMEOUT);
        Merge fenced = new Merge(
                new Call(call.gateway(), epoch, call.deadlineMicros()),
                slice.next(),
                slice.unknown(),
                slice.horizon(),
                slice.segments(),
                slice.acknowledged(),
                slice.granted(),
                slice.grantedMillis(),
                slice.departed(),
                slice.sessions(),
                allSessions && slice.last(),
                slice.last(),
                gateways);
        context.follow(context.scripts().merge(fenced), ended -> {
            switch (ended) {
                case RoomContext.Ended.Answered(Reply.Done<Void> done) -> {
                    next++;
                    if (next < slices.size()) {
                        send();
                    } else {
                        over = true;
                        LOGGER.atInfo()
                                .addKeyValue(LogKeys.EVENT_ID, context.eventId())
                                .addKeyValue(LogKeys.ROOM, context.id())
                                .addKeyValue(LogKeys.EPOCH, epoch)
                                .addKeyValue(LogKeys.SLICES, slices.size())
                                .log("uploaded this gateway's replica of the line");
                    }
                }
                case RoomContext.Ended.Answered(Reply.StaleEpoch<Void> stale) ->
                    over = true; // the next snapshot begins anew
                case RoomContext.Ended.Answered(Reply.NoPolicy<Void> none) when ending -> over = true;
                default -> context.after(RETRY, this::send);
            }
        });
    }

    private static List<Merge> slices(
            Header header, LineSnapshot copy, long[][] grants, long[] alsoDeparted, long[][] sessions) {
        List<SegmentBits> segments = segments(header, copy);
        long[] acknowledged = copy.alive().from(copy.next());
        long[] departed = LongStream.concat(
                        copy.departedBeyond().stream().mapToLong(Long::longValue), Arrays.stream(alsoDeparted))
                .toArray();
        int count = Math.max(
                Math.max(1, pieces(sessions.length, RoomScripts.BATCH_TICKETS)),
                Math.max(
                        Math.max(
                                pieces(segments.size(), RoomScripts.SLICE_SEGMENTS),
                                pieces(acknowledged.length, RoomScripts.BATCH_TICKETS)),
                        Math.max(
                                pieces(grants.length, RoomScripts.BATCH_TICKETS),
                                pieces(departed.length, RoomScripts.BATCH_TICKETS))));
        List<Merge> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[][] granted = slice(grants, i);
            slices.add(new Merge(
                    new Call("", 0, 0),
                    copy.next(),
                    copy.unknown(),
                    copy.horizon(),
                    segments.subList(
                            Math.min(segments.size(), i * RoomScripts.SLICE_SEGMENTS),
                            Math.min(segments.size(), (i + 1) * RoomScripts.SLICE_SEGMENTS)),
                    slice(acknowledged, i),
                    Arrays.stream(granted).mapToLong(pair -> pair[0]).toArray(),
                    Arrays.stream(granted).mapToLong(pair -> pair[1]).toArray(),
                    slice(departed, i),
                    Arrays.stream(slice(sessions, i))
                            .flatMapToLong(LongStream::of)
                            .toArray(),
                    false,
                    i == count - 1,
                    0));
        }
        return slices;
    }

    private static List<SegmentBits> segments(Header header, LineSnapshot copy) {
        TreeSet<Long> numbers = new TreeSet<>();
        for (long number : copy.alive().segmentNumbers()) {
            numbers.add(number);
        }
        long last = Bits.segmentOf(copy.next());
        for (long[] range : header.segments()) {
            for (long number = range[0]; number < Math.min(range[1], last + 1); number++) {
                numbers.add(number);
            }
        }
        return numbers.stream()
                .map(number -> new SegmentBits(number, copy.alive().segmentBytes(number)))
                .toList();
    }

    private static int pieces(int items, int size) {
        return (items + size - 1) / size;
    }

    private static long[] slice(long[] all, int i) {
        int from = Math.min(all.length, i * RoomScripts.BATCH_TICKETS);
        return Arrays.copyOfRange(all, from, Math.min(all.length, from + RoomScripts.BATCH_TICKETS));
    }

    private static long[][] slice(long[][] all, int i) {
        int from = Math.min(all.length, i * RoomScripts.BATCH_TICKETS);
        return Arrays.copyOfRange(all, from, Math.min(all.length, from + RoomScripts.BATCH_TICKETS));
    }
}
