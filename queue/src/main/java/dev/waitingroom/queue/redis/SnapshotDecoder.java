package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.Header;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.SnapshotReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Reads the reply of {@code snapshot.lua}. */
final class SnapshotDecoder {
    private SnapshotDecoder() {}

    static SnapshotReply decode(List<Object> reply) {
        return new SnapshotReply(
                header(list(reply.get(2)), list(reply.get(3)), list(reply.get(4)), list(reply.get(5))),
                (Long) reply.get(7) == 1,
                (Long) reply.get(6),
                (Long) reply.get(8) == 1,
                list(reply.get(9)).stream().map(entry -> change((byte[]) entry)).toList(),
                segments(list(reply.get(10))));
    }

    private static Header header(List<Object> numbers, List<Object> policy, List<Object> index, List<Object> lost) {
        var rest = numbers.iterator();
        LongSupplier next = () -> (Long) rest.next();
        return new Header(
                next.getAsLong(),
                next.getAsLong(),
                policy(policy),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                (int) next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                next.getAsLong(),
                Keys.lost((int) next.getAsLong()),
                new Header.Sessions(next.getAsLong(), next.getAsLong()),
                ranges(index),
                ranges(lost).stream()
                        .map(range -> new TicketRange(range[0], range[1]))
                        .toList());
    }

    private static Map<String, String> policy(List<Object> flat) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put(Bytes.text(flat.get(i)), Bytes.text(flat.get(i + 1)));
        }
        return fields;
    }

    private static List<long[]> ranges(List<Object> flat) {
        var ranges = new ArrayList<long[]>();
        for (int i = 0; i < flat.size(); i += 2) {
            ranges.add(new long[] {(Long) flat.get(i), (Long) flat.get(i + 1)});
        }
        return ranges;
    }

    private static Change change(byte[] entry) {
        return switch (entry[0]) {
            case 'J' -> {
                long[] range = Bytes.unpack(entry, 1);
                yield new Change.Joined(range[0], range[1]);
            }
            case 'G' -> {
                long[] timeAndTickets = Bytes.unpack(entry, 1);
                long[] tickets = Arrays.copyOfRange(timeAndTickets, 1, timeAndTickets.length);
                var times = new long[tickets.length];
                Arrays.fill(times, timeAndTickets[0]);
                yield new Change.Granted(tickets, times);
            }
            case 'A' -> {
                long[] timeAndTickets = Bytes.unpack(entry, 1);
                yield new Change.Sessions(
                        timeAndTickets[0], Arrays.copyOfRange(timeAndTickets, 1, timeAndTickets.length));
            }
            case 'L' -> new Change.Left(Bytes.unpack(entry, 1));
            case 'R' -> new Change.Restored(Bytes.unpack(entry, 1));
            default -> throw new IllegalStateException("the journal knows no entry " + (char) entry[0]);
        };
    }

    private static List<SegmentBits> segments(List<Object> flat) {
        var segments = new ArrayList<SegmentBits>();
        for (int i = 0; i < flat.size(); i += 2) {
            segments.add(new SegmentBits((Long) flat.get(i), (byte[]) flat.get(i + 1)));
        }
        return segments;
    }

    @SuppressWarnings("unchecked") // a reply's list holds numbers, bytes and lists
    private static List<Object> list(Object reply) {
        return (List<Object>) reply;
    }
}
