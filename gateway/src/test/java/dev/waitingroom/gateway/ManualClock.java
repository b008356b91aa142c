package dev.waitingroom.gateway;

import dev.waitingroom.gateway.http.StreamClock;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The time of streams, which moves when a test says so. It overflows soon, as a nanosecond clock may. */
public final class ManualClock implements StreamClock {
    private long now = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
    private final List<Task> tasks = new ArrayList<>();

    private record Task(long at, Context loop, Runnable run) {}

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized void after(Context loop, Duration delay, Runnable run) {
        tasks.add(new Task(now + delay.toNanos(), loop, run));
    }

    /** Lets this time pass, and waits until everything that became due has run. */
    public void advance(Duration time) {
        long end = nanoTime() + time.toNanos();
        for (Optional<Task> task = next(end); task.isPresent(); task = next(end)) {
            run(task.get());
        }
        moveTo(end);
    }

    /** Lets this time pass, and runs nothing, as if the loops were busy. */
    public synchronized void skip(Duration time) {
        now += time.toNanos();
    }

    /** Runs one task that is due, or passes the time to the next one and runs that. */
    public Duration runNext() {
        long before = nanoTime();
        run(next(before + Duration.ofDays(1).toNanos()).orElseThrow());
        return Duration.ofNanos(Math.max(0, nanoTime() - before));
    }

    /** Waits until the loops that have tasks have run everything that was handed to them before. */
    public void awaitLoops() {
        loops().forEach(loop -> run(new Task(0, loop, () -> {})));
    }

    private synchronized Set<Context> loops() {
        return tasks.stream().map(Task::loop).collect(Collectors.toSet());
    }

    private synchronized void moveTo(long nanos) {
        now = nanos;
    }

    private synchronized Optional<Task> next(long end) {
        Optional<Task> first = tasks.stream()
                .min(Comparator.comparingLong(task -> task.at - now))
                .filter(task -> task.at - end <= 0);
        first.ifPresent(task -> {
            tasks.remove(task);
            now = Math.max(task.at - now, 0) + now;
        });
        return first;
    }

    private static void run(Task task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        task.loop.runOnContext(nothing -> {
            task.run.run();
            done.complete(null);
        });
        done.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
