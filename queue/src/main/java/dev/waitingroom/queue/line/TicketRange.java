package dev.waitingroom.queue.line;

/**
 * Consecutive ticket numbers.
 *
 * @param from the first
 * @param to behind the last; not above {@code from}: none
 */
public record TicketRange(long from, long to) {
    public boolean contains(long ticket) {
        return from <= ticket && ticket < to;
    }

    public boolean isEmpty() {
        return to <= from;
    }

    /** Those that are in both. */
    public TicketRange and(TicketRange other) {
        return new TicketRange(Math.max(from, other.from), Math.min(to, other.to));
    }
}
