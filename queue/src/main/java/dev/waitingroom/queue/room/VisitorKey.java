package dev.waitingroom.queue.room;

/**
 * Identifies a visitor at a join: the user_id if given, else the Idempotency-Key. Only a hash of it is stored.
 *
 * @param kind of the key, so that equal texts of two kinds differ
 * @param value 1..128 characters
 */
public record VisitorKey(Kind kind, String value) {
    /** Where the key came from. */
    public enum Kind {
        USER_ID,
        IDEMPOTENCY_KEY
    }

    public VisitorKey {
        int characters = value.codePointCount(0, value.length());
        if (characters < 1 || characters > 128) {
            throw new IllegalArgumentException("a visitor key has 1..128 characters, not " + characters);
        }
    }
}
