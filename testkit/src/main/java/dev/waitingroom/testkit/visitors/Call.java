package dev.waitingroom.testkit.visitors;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * A call and what came of it.
 *
 * @param visitor which of the crowd made it, from 0
 * @param gateway whom it went to
 * @param operation what was asked
 * @param invoked just before it was sent
 * @param completed just after the answer was read, or given up
 * @param answer what came of it
 */
public record Call(int visitor, URI gateway, Operation operation, Instant invoked, Instant completed, Answer answer) {
    public Duration took() {
        return Duration.between(invoked, completed);
    }
}
