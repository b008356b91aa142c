package dev.waitingroom.queue.line;

/** How ticket numbers and bitmaps of a line are laid out. The Redis scripts are composed with the same numbers. */
public final class LineLayout {
    /** Tickets of a segment of the line's bitmaps. */
    public static final int SEGMENT_TICKETS = 65_024;

    /**
     * Bytes of a segment's bitmap. Bit {@code i}, counted from a byte's most significant bit as Redis does, is ticket
     * {@code segment * SEGMENT_TICKETS + i}.
     */
    public static final int SEGMENT_BYTES = SEGMENT_TICKETS / Byte.SIZE;

    /** An epoch leaves out at least this many ticket numbers: the lost end of the line may have used them. */
    public static final int EPOCH_GAP = 1 << 20;

    /** An epoch's first ticket number is at least this many times the seconds since 1970. */
    public static final int NUMBERS_PER_SECOND = 1 << 20;

    /** Tickets of a page of admissions. */
    public static final int PAGE_TICKETS = 1_016;

    private LineLayout() {}
}
