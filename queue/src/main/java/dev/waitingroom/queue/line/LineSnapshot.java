package dev.waitingroom.queue.line;

import java.util.ArrayList;
import java.util.List;

/**
 * A gateway process's copy of a line, immutable: what Redis said at {@code sequence}, and what it has acknowledged to this process since.
 * A ticket's state only moves forward, so a change that is learnt twice does no harm.
 *
 * @param epoch of the line
 * @param sequence of its journal; the copy includes all changes up to it
 * @param next every ticket below was known at {@code sequence}, except for {@code unknown}; later ones are own acknowledgements
 * @param unknown numbers that Redis lost and this process did not put back: the copy knows which of them wait, not which are gone
 * @param horizon the first ticket that is not called
 * @param alive tickets that wait
 * @param departedBeyond tickets from {@code next} on that this process saw depart
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
        /** Issued after the copy was made, through another gateway process: behind all tickets here. */
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
     * Tickets alive ahead, plus one. Numbers are consecutive, so those between the end of this copy and a ticket beyond it were issued
     * too, through other processes. Without them the position would grow once the copy has them. Only an epoch leaves out numbers, at
     * least {@link LineLayout#EPOCH_GAP}.
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

    /** The parts of these ranges in which this copy does not know which tickets are gone. */
    public List<TicketRange> unknownAmong(List<TicketRange> ranges) {
        List<TicketRange> without = new ArrayList<>(unknown);
        without.add(new TicketRange(next, Long.MAX_VALUE));
        return ranges.stream()
                .flatMap(range -> without.stream().map(range::and))
                .filter(range -> !range.isEmpty())
                .toList();
    }

    /** The copy with tickets that Redis issued to this process, or put back. */
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

    /** The copy without tickets that Redis admitted, or that left. */
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
