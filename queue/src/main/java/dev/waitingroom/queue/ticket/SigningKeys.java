package dev.waitingroom.queue.ticket;

import java.util.List;
import java.util.Optional;

/** Keys of one purpose: the first signs, all verify. Immutable, thread-safe. */
public final class SigningKeys {
    /** One key; {@code tag} is what a token names it by. */
    public record Key(int tag, Hmac mac) {}

    private final List<Key> keys;

    /** @param keys at least one */
    SigningKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** The key that signs. */
    public Key signing() {
        return keys.getFirst();
    }

    /** The key that a token names. */
    public Optional<Key> named(int tag) {
        for (Key key : keys) {
            if (key.tag == tag) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }
}
