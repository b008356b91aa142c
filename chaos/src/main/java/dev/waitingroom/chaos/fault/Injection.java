package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.history.Span;
import java.time.Duration;
import java.util.List;

/**
 * A fault that was injected.
 *
 * @param fault which fault
 * @param what its targets and details
 * @param span from just before it began until everything was repaired
 * @param withoutRedis when certainly no gateway had a Redis; otherwise an empty span at the begin of the fault
 * @param effect which data may be lost
 * @param jump how far Redis' clock jumped ahead
 * @param killed gateways that ended without telling Redis what they knew
 * @param apart when gateways may have served from two different Redis, each with its own bucket
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

    /** Which data may have been lost. */
    public enum Effect {
        /** No data of Redis. */
        NOTHING,
        /** Data of which gateways have no copy. */
        NAMES,
        /** Everything but the tickets that visitors have. */
        EVERYTHING
    }
}
