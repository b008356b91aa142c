package dev.waitingroom.chaos.acceptance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The moments in which a core, or this process, stood still. A thread on each core wakes every half a millisecond, and records when it was
 * late. It has the highest priority. So it is late only if the host of the virtual machine ran something else (not every host reports that as
 * steal), or if this process collected garbage. Another process cannot delay it.
 */
final class Stalls implements AutoCloseable {
    /** The highest priority. */
    private static final int PRIORITY = 99;

    private static final long EVERY_NANOS = 500_000;
    private static final long LATE_NANOS = 500_000;

    /** By {@link System#nanoTime}. */
    private record Stall(long from, long to) {}

    private final Queue<Stall> seen = new ConcurrentLinkedQueue<>();
    private final List<Thread> watches = new ArrayList<>();

    private Stalls() {}

    /** Empty if threads cannot get that priority, see {@link RealTime}. */
    static Optional<Stalls> watch() throws IOException, InterruptedException {
        Stalls stalls = new Stalls();
        for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
            if (!stalls.watch(core)) {
                stalls.close();
                return Optional.empty();
            }
        }
        stalls.seen.clear(); // from before they had the priority
        return Optional.of(stalls);
    }

    private boolean watch(int core) throws IOException, InterruptedException {
        String name = "stalls-" + core;
        watches.add(Thread.ofPlatform().daemon().name(name).start(this::sleepAndWake));
        long self = ProcessHandle.current().pid();
        return RealTime.pin(self, name::equals, core) && RealTime.give(self, name::equals, PRIORITY);
    }

    /** Whether there was one between the two times, by {@link System#nanoTime}. */
    boolean between(long from, long to) {
        return seen.stream().anyMatch(stall -> stall.from < to && from < stall.to);
    }

    private void sleepAndWake() {
        long due = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            due += EVERY_NANOS;
            LockSupport.parkNanos(due - System.nanoTime());
            long now = System.nanoTime();
            if (now - due > LATE_NANOS) {
                seen.add(new Stall(due, now));
                due = now;
            }
        }
    }

    @Override
    public void close() {
        watches.forEach(Thread::interrupt);
    }
}
