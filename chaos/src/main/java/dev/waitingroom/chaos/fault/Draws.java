package dev.waitingroom.chaos.fault;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What faults draw at random. */
final class Draws {
    private final Random random;

    Draws(Random random) {
        this.random = random;
    }

    /** One of the list. */
    <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** A number from {@code least} to below {@code most}; {@code least} if there is none. */
    int between(int least, int most) {
        return least + (most > least ? random.nextInt(most - least) : 0);
    }

    /** Sleeps for a time between the two, ms, and returns it. */
    Duration pause(int least, int most) throws InterruptedException {
        Duration time = Duration.ofMillis(between(least, most));
        Thread.sleep(time);
        return time;
    }
}
