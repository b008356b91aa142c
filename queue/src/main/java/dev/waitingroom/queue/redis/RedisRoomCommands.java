package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.SnapshotReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Encodes calls and decodes replies; the layouts stand at the head of each script. */
final class RedisRoomCommands implements RoomScripts {
    private static final long NO_DEADLINE = (1L << 53) - 1;
    private static final Call ANY_EPOCH = new Call("", 0, NO_DEADLINE);

    private final ScriptClient link;
    private final Scripts scripts;
    private final byte[][] keys;

    RedisRoomCommands(ScriptClient link, Scripts scripts, RoomId room) {
        this.link = link;
        this.scripts = scripts;
        this.keys = Keys.room(room);
    }

    @Override
    public CompletionStage<Reply<List<JoinAnswer>>> join(JoinBatch batch) {
        int count = batch.entries().size();
        BatchEncoder.within("joins", count, 1, BATCH_TICKETS);
        return call(
                scripts.join,
                batch.call(),
                BatchDecoder::joinAnswers,
                Bytes.of(batch.number()),
                Bytes.of(batch.highestSeen()),
                Bytes.of(count),
                BatchEncoder.visitors(batch.entries()),
                Bytes.of(batch.call().gateway()),
                BatchEncoder.toAdmit(batch.entries()));
    }

    @Override
    public CompletionStage<Reply<AdmitReply>> admit(Call call, long[] tickets) {
        BatchEncoder.within("tickets", tickets.length, 0, BATCH_TICKETS);
        int[] ascending = IntStream.range(0, tickets.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> tickets[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] sorted = Arrays.stream(ascending).mapToLong(i -> tickets[i]).toArray();
        return call(scripts.admit, call, reply -> BatchDecoder.admitReply(reply, ascending), Bytes.pack(sorted));
    }

    @Override
    public CompletionStage<Reply<boolean[]>> leave(Call call, long[] tickets) {
        BatchEncoder.within("tickets", tickets.length, 0, BATCH_TICKETS);
        return call(scripts.leave, call, BatchDecoder::flags, Bytes.pack(tickets));
    }

    @Override
    public CompletionStage<Reply<Void>> beat(Call call, long generation, List<SegmentBits> polled) {
        BatchEncoder.within("segments", polled.size(), 0, SLICE_SEGMENTS);
        var arguments = new ArrayList<byte[]>();
        arguments.add(Bytes.of(generation));
        addSegments(arguments, polled);
        return callForNothing(scripts.beat, call, arguments);
    }

    @Override
    public CompletionStage<Reply<TickReply>> tick(Call call, Present present) {
        BatchEncoder.within("came", present.came().length, 0, BATCH_TICKETS);
        long[] ascending = present.came().clone();
        Arrays.sort(ascending);
        return call(
                scripts.tick,
                call,
                reply -> new TickReply(
                        (int) number(reply.get(2)),
                        number(reply.get(3)) == 1,
                        (int) number(reply.get(4)),
                        (int) number(reply.get(5)),
                        number(reply.get(6))),
                Bytes.of(call.gateway()),
                Bytes.of(present.here()),
                Bytes.of(present.promised()),
                Bytes.of(present.lowestKeptOut()),
                Bytes.pack(ascending));
    }

    @Override
    public CompletionStage<Reply<SnapshotReply>> snapshot(long epoch, long sequence, OptionalLong fromSegment) {
        return call(
                scripts.snapshot,
                new Call("", epoch, NO_DEADLINE),
                SnapshotDecoder::decode,
                Bytes.of(sequence),
                fromSegment.isPresent() ? Bytes.of(fromSegment.getAsLong()) : Bytes.EMPTY);
    }

    @Override
    public CompletionStage<Reply<List<SegmentBits>>> presence(long[] segments) {
        BatchEncoder.within("segments", segments.length, 0, SLICE_SEGMENTS);
        return call(
                scripts.presence,
                ANY_EPOCH,
                reply -> IntStream.range(0, segments.length)
                        .mapToObj(i -> new SegmentBits(segments[i], (byte[]) reply.get(2 + i)))
                        .toList(),
                Bytes.pack(segments));
    }

    @Override
    public CompletionStage<Reply<long[]>> grantPages() {
        return call(scripts.grants, ANY_EPOCH, GrantsDecoder::pages, Bytes.EMPTY);
    }

    @Override
    public CompletionStage<Reply<Change.Granted>> grants(long[] pages, long sinceMillis) {
        BatchEncoder.within("pages", pages.length, 1, SLICE_PAGES);
        return call(
                scripts.grants,
                ANY_EPOCH,
                reply -> GrantsDecoder.granted(reply, pages, sinceMillis),
                Bytes.pack(pages));
    }

    @Override
    public CompletionStage<Reply<long[]>> sessions(Call call, long[] used, long[] ended) {
        BatchEncoder.within("used", used.length, 0, BATCH_TICKETS);
        BatchEncoder.within("ended", ended.length, 0, BATCH_TICKETS);
        return call(
                scripts.sessions,
                call,
                reply -> Bytes.unpack((byte[]) reply.get(2), 0),
                Bytes.pack(used),
                Bytes.pack(ended));
    }

    @Override
    public CompletionStage<Reply<ActiveSessions>> activeSessions(long sinceMillis) {
        return call(scripts.activeSessions, ANY_EPOCH, BatchDecoder::activeSessions, Bytes.of(sinceMillis));
    }

    @Override
    public CompletionStage<Reply<SiteText>> site() {
        return call(scripts.site, ANY_EPOCH, reply -> new SiteText(Bytes.text(reply.get(2)), Bytes.text(reply.get(3))));
    }

    @Override
    public CompletionStage<Reply<Long>> move(long ticket, long highest, long known, long deadlineMicros) {
        return call(
                scripts.move,
                new Call("", 0, deadlineMicros),
                reply -> number(reply.get(2)),
                Bytes.of(ticket),
                Bytes.of(highest),
                Bytes.of(known));
    }

    @Override
    public CompletionStage<Reply<MovedPlaces>> devices(long above) {
        return call(scripts.devices, ANY_EPOCH, BatchDecoder::movedPlaces, Bytes.of(above));
    }

    @Override
    public CompletionStage<Reply<List<Standing>>> restore(Call call, long[] tickets) {
        BatchEncoder.within("tickets", tickets.length, 0, BATCH_TICKETS);
        return call(scripts.restore, call, BatchDecoder::standings, Bytes.pack(tickets));
    }

    @Override
    public CompletionStage<Reply<Void>> merge(Merge merge) {
        BatchEncoder.within("segments", merge.segments().size(), 0, SLICE_SEGMENTS);
        BatchEncoder.within("acknowledged", merge.acknowledged().length, 0, BATCH_TICKETS);
        BatchEncoder.within("departed", merge.departed().length, 0, BATCH_TICKETS);
        BatchEncoder.within("granted", merge.granted().length, 0, BATCH_TICKETS);
        BatchEncoder.within("sessions", merge.sessions().length, 0, 2 * BATCH_TICKETS);
        var arguments = new ArrayList<>(List.of(
                Bytes.of(merge.next()),
                Bytes.pack(merge.unknown().stream()
                        .flatMapToLong(range -> LongStream.of(range.from(), range.to()))
                        .toArray()),
                Bytes.of(merge.horizon()),
                Bytes.of(merge.last() ? merge.gateways() : 0),
                Bytes.pack(merge.acknowledged()),
                Bytes.pack(merge.departed()),
                Bytes.pack(merge.granted()),
                Bytes.pack(merge.grantedMillis()),
                Bytes.of(merge.call().gateway()),
                Bytes.pack(merge.sessions()),
                Bytes.of(merge.allSessions() ? 1 : 0)));
        addSegments(arguments, merge.segments());
        return callForNothing(scripts.merge, merge.call(), arguments);
    }

    @SuppressWarnings("NullAway") // Void has no other value
    private CompletionStage<Reply<Void>> callForNothing(Script script, Call call, List<byte[]> arguments) {
        return call(script, call, reply -> null, arguments.toArray(byte[][]::new));
    }

    private <T> CompletionStage<Reply<T>> call(
            Script script, Call call, Function<List<Object>, T> decoder, byte[]... own) {
        var arguments = new byte[own.length + 2][];
        arguments[0] = Bytes.of(call.epoch());
        arguments[1] = Bytes.of(call.deadlineMicros());
        System.arraycopy(own, 0, arguments, 2, own.length);
        return link.run(script, keys, arguments).thenApply(reply -> Replies.decode(reply, decoder));
    }

    private static void addSegments(List<byte[]> arguments, List<SegmentBits> segments) {
        arguments.add(
                Bytes.pack(segments.stream().mapToLong(SegmentBits::segment).toArray()));
        for (SegmentBits segment : segments) {
            BatchEncoder.within("bytes of a segment", segment.bits().length, 0, LineLayout.SEGMENT_BYTES);
            arguments.add(segment.bits());
        }
    }

    private static long number(Object reply) {
        return (Long) reply;
    }
}
