package dev.waitingroom.queue.room;

/**
 * What tells one visitor from another at a join: the user_id where one was given, else the Idempotency-Key. Only a hash of it is stored.
 *
 * @param kind which of the two, so that equal texts do not meet
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
