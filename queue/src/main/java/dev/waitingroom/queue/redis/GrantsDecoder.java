package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.store.Change;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;

/** Reads the replies of {@code grants.lua}; a page's layout stands at the head of {@code granted.lua}. */
final class GrantsDecoder {
    private GrantsDecoder() {}

    static long[] pages(List<Object> reply) {
        return list(reply).stream()
                .mapToLong(page -> Long.parseLong(Bytes.text(page)))
                .toArray();
    }

    /** @param pages that were asked for */
    static Change.Granted granted(List<Object> reply, long[] pages, long sinceMillis) {
        LongStream.Builder tickets = LongStream.builder();
        LongStream.Builder times = LongStream.builder();
        for (int i = 0; i < pages.length; i++) {
            ByteBuffer page = ByteBuffer.wrap((byte[]) list(reply).get(i));
            if (!page.hasRemaining()) {
                continue;
            }
            long base = page.getLong();
            for (int at = 0; at < LineLayout.PAGE_TICKETS; at++) {
                long stamp = Integer.toUnsignedLong(page.getInt());
                long millis = base + stamp - 1;
                if (stamp != 0 && millis >= sinceMillis) {
                    tickets.add(pages[i] * LineLayout.PAGE_TICKETS + at);
                    times.add(millis);
                }
            }
        }
        return new Change.Granted(tickets.build().toArray(), times.build().toArray());
    }

    @SuppressWarnings("unchecked") // a list of pages, whatever they are told as
    private static List<Object> list(List<Object> reply) {
        return (List<Object>) reply.get(2);
    }
}
