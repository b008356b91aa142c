package dev.waitingroom.servlet;

import java.time.Duration;

/** What a token is worth. */
sealed interface Reservation {
    Reservation INVALID = new Invalid();
    Reservation UNKNOWN = new Unknown();

    /** It admits its bearer. */
    record Valid(Duration left) implements Reservation {}

    /** It admits nobody. */
    record Invalid() implements Reservation {}

    /** It cannot be checked: there are no keys yet. */
    record Unknown() implements Reservation {}
}
