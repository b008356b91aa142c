package dev.waitingroom.queue.room;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Time that passes as fast as the work in it is done: tasks run on the caller's thread, in the order of their times. So hours of a room's
 * life take seconds, and a run with the same inputs is the same run.
 */
final class VirtualTime extends ScheduledThreadPoolExecutor {
    private record Task(long micros, long number, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return micros != other.micros ? Long.compare(micros, other.micros) : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final LongConsumer clock;
    private long micros;
    private long number;

    /** @param clock is told the time, µs since 1970, whenever it changes */
    VirtualTime(long startMicros, LongConsumer clock) {
        super(1);
        this.micros = startMicros;
        this.clock = clock;
    }

    /** µs since 1970. */
    long micros() {
        return micros;
    }

    long nanoTime() {
        return micros * 1_000;
    }

    /** Does all that is due within this time. */
    void run(Duration time) {
        long end = micros + time.toNanos() / 1_000;
        while (!tasks.isEmpty() && tasks.peek().micros <= end) {
            Task next = tasks.remove();
            setTime(next.micros);
            next.work.run();
        }
        setTime(end);
    }

    /** Does all that is due now. */
    void settle() {
        run(Duration.ZERO);
    }

    void after(Duration delay, Runnable work) {
        tasks.add(new Task(micros + delay.toMillis() * 1_000, number++, work));
    }

    @Override
    public void execute(Runnable work) {
        tasks.add(new Task(micros, number++, work));
    }

    /** In whole milliseconds: fewer different times, fewer changes of the clock. */
    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        after(Duration.ofMillis(Math.max(1, unit.toMillis(delay))), work);
        return new Scheduled(work);
    }

    private void setTime(long newMicros) {
        if (newMicros > micros) {
            micros = newMicros;
            clock.accept(micros);
        }
    }

    /** What nobody looks at. */
    private static final class Scheduled extends FutureTask<Void> implements ScheduledFuture<Void> {
        private Scheduled(Runnable work) {
            super(work, null);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(java.util.concurrent.Delayed other) {
            return 0;
        }
    }
}
