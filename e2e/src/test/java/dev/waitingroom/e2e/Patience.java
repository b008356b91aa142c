package dev.waitingroom.e2e;

import java.time.Duration;

/** How long tests wait. It is not a promise, since the pods of all tests share the node. */
final class Patience {
    static final Duration SOON = Duration.ofMinutes(2);

    private Patience() {}
}
