package dev.waitingroom.testkit.visitors;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * A call and its answer.
 *
 * @param visitor the number of the visitor in the crowd, from 0
 * @param gateway the address that was called
 * @param operation the operation
 * @param invoked the time just before it was sent
 * @param completed the time just after the answer was read, or given up
 * @param answer the answer
 */
public record Call(int visitor, URI gateway, Operation operation, Instant invoked, Instant completed, Answer answer) {
    public Duration took() {
        return Duration.between(invoked, completed);
    }
}
