package dev.waitingroom.queue.line;

import java.util.ArrayList;
import java.util.List;

/**
 * A gateway's copy of a line, immutable: what Redis said at {@code sequence}, and what it has acknowledged to this gateway since.
 * A ticket's life only goes forward, so that changes which are heard of twice do no harm.
 *
 * @param epoch of the line
 * @param sequence of its journal; the copy holds everything up to it
 * @param next everything below was known at {@code sequence}, but for {@code unknown}; tickets from here on are own acknowledgements
 * @param unknown what Redis lost, and this gateway did not put back: it is known of them who waits, not who is gone
 * @param horizon the first ticket whose turn has not come
 * @param alive who waits
 * @param departedBeyond tickets from {@code next} on that this gateway saw depart
 */
public record LineSnapshot(
        long epoch,
        long sequence,
        long next,
        List<TicketRange> unknown,
        long horizon,
        Bits alive,
        List<Long> departedBeyond) {
    public LineSnapshot {
        unknown = List.copyOf(unknown);
        departedBeyond = List.copyOf(departedBeyond);
    }

    /** Where a ticket stands as far as this copy knows. */
    public enum Standing {
        /** In the line. */
        ALIVE,
        /** Issued after the copy was made, through another gateway: behind everyone here. */
        BEYOND,
        /** Not in the line: departed, asleep, or lost by Redis. */
        ABSENT
    }

    public Standing standing(long ticket) {
        if (alive.contains(ticket)) {
            return Standing.ALIVE;
        }
        return ticket >= next && !departedBeyond.contains(ticket) ? Standing.BEYOND : Standing.ABSENT;
    }

    /**
     * The living ahead, plus one. Numbers follow one another, so those between the end of this copy and a ticket beyond it were
     * issued too, through other gateways: left out, the position would grow once the copy has them. Only an epoch leaves numbers
     * out, and no fewer than {@link LineLayout#EPOCH_GAP}.
     */
    public long position(long ticket) {
        long beyond = ticket - next;
        if (beyond <= 0 || beyond >= LineLayout.EPOCH_GAP) {
            return alive.rank(ticket) + 1;
        }
        long departed = departedBeyond.stream()
                .distinct()
                .filter(other -> other < ticket)
                .count();
        return alive.rank(next) + beyond - departed + 1;
    }

    public boolean called(long ticket) {
        return ticket < horizon;
    }

    /** Of which of these numbers this copy does not know who is gone. */
    public List<TicketRange> unknownAmong(List<TicketRange> ranges) {
        List<TicketRange> without = new ArrayList<>(unknown);
        without.add(new TicketRange(next, Long.MAX_VALUE));
        return ranges.stream()
                .flatMap(range -> without.stream().map(range::and))
                .filter(range -> !range.isEmpty())
                .toList();
    }

    /** With tickets that Redis says it issued to this gateway, or put back. */
    public LineSnapshot waiting(long[] tickets) {
        if (tickets.length == 0) {
            return this;
        }
        Bits.Editor edit = alive.edit();
        for (long ticket : tickets) {
            edit.add(ticket);
        }
        return with(edit.build(), departedBeyond);
    }

    /** Without tickets that Redis says it admitted or let leave. */
    public LineSnapshot departed(long[] tickets) {
        if (tickets.length == 0) {
            return this;
        }
        Bits.Editor edit = alive.edit();
        List<Long> beyond = new ArrayList<>(departedBeyond);
        for (long ticket : tickets) {
            edit.remove(ticket);
            if (ticket >= next) {
                beyond.add(ticket);
            }
        }
        return with(edit.build(), beyond);
    }

    private LineSnapshot with(Bits bits, List<Long> beyond) {
        return new LineSnapshot(epoch, sequence, next, unknown, horizon, bits, beyond);
    }
}
