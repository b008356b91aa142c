package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.history.Span;
import java.time.Duration;
import java.util.List;

/**
 * A fault that was injected.
 *
 * @param fault which
 * @param what to whom, and how
 * @param span from just before it began until everything was whole again
 * @param withoutRedis when surely no gateway had a Redis; an empty span at its beginning otherwise
 * @param effect what it leaves open
 * @param jump how far Redis' clock jumped ahead
 * @param killed gateways that ended without a word
 * @param apart when some gateways may have served from another Redis than others, each with a bucket of its own
 */
public record Injection(
        Fault fault,
        String what,
        Span span,
        Span withoutRedis,
        Effect effect,
        Duration jump,
        List<String> killed,
        List<Span> apart) {
    public Injection {
        killed = List.copyOf(killed);
        apart = List.copyOf(apart);
    }

    /** What may have been lost. */
    public enum Effect {
        /** Nothing that is in Redis. */
        NOTHING,
        /** What gateways hold no copy of. */
        NAMES,
        /** Everything that visitors do not hold themselves. */
        EVERYTHING
    }
}
