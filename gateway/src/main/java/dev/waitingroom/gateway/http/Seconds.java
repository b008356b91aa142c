package dev.waitingroom.gateway.http;

import java.time.Duration;

/** Durations in whole seconds. */
public final class Seconds {
    private Seconds() {}

    public static long ceil(Duration duration) {
        return duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
    }
}
