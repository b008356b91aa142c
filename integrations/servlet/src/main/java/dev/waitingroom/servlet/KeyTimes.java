package dev.waitingroom.servlet;

import java.time.Duration;

/**
 * When keys are fetched.
 *
 * @param lifetime the age at which keys are fetched again; the gateway announces a key ten minutes before it signs with it
 * @param ahead how long before that age a background fetch starts
 * @param interval at most two fetches in this time, however many unknown keys requests name
 * @param retry between fetches while there are no keys yet
 */
record KeyTimes(Duration lifetime, Duration ahead, Duration interval, Duration retry) {
    static final KeyTimes DEFAULT =
            new KeyTimes(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(5));
}
