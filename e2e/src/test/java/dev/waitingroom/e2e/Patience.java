package dev.waitingroom.e2e;

import java.time.Duration;

/** How long is waited for what will come: no promise, since pods of all tests share the node. */
final class Patience {
    static final Duration SOON = Duration.ofMinutes(2);

    private Patience() {}
}
