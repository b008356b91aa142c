package dev.waitingroom.gateway.metrics;

import dev.waitingroom.queue.room.PodLoad;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Measures the load of this process, for the gateway's autoscaling. Each value is the mean since its last reading. Thread-safe. */
public final class LoadMeter implements PodLoad {
    private final LongAdder requests = new LongAdder();
    private final Rate requestRate;
    private final Rate cpuRate;
    private final int processors;
    private final AtomicInteger streams = new AtomicInteger();
    private final int maxStreams;

    /**
     * @param nanoTime a clock that never goes back, ns
     * @param cpuNanos processor time that this process has used, ns
     * @param processors how many the process may use
     * @param maxStreams streams that may be open
     */
    LoadMeter(LongSupplier nanoTime, LongSupplier cpuNanos, int processors, int maxStreams) {
        this.requestRate = new Rate(nanoTime, requests::sum);
        this.cpuRate = new Rate(nanoTime, cpuNanos);
        this.processors = processors;
        this.maxStreams = maxStreams;
    }

    /**
     * Measures this JVM.
     *
     * @param maxStreams streams that may be open
     */
    public static LoadMeter ofThisProcess(int maxStreams) {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new LoadMeter(
                System::nanoTime, os::getProcessCpuTime, Runtime.getRuntime().availableProcessors(), maxStreams);
    }

    /** An event of a stream counts as a request, since it takes the place of a poll. */
    void request() {
        requests.increment();
    }

    void streamOpened() {
        streams.incrementAndGet();
    }

    void streamEnded() {
        streams.decrementAndGet();
    }

    int streams() {
        return streams.get();
    }

    @Override
    public double streamShare() {
        return maxStreams == 0 ? 0 : Math.clamp((double) streams.get() / maxStreams, 0, 1);
    }

    @Override
    public double requestsPerSecond() {
        return requestRate.perSecond();
    }

    @Override
    public double cpuShare() {
        return Math.clamp(cpuRate.perSecond() / 1e9 / processors, 0, 1);
    }

    /** The growth of a counter per second since the last reading. A reading within a tenth of a second repeats the last value. */
    private static final class Rate {
        private static final long SHORTEST_NANOS = 100_000_000;

        private final LongSupplier nanoTime;
        private final LongSupplier counter;
        private long lastNanos;
        private long lastCount;
        private double last;

        Rate(LongSupplier nanoTime, LongSupplier counter) {
            this.nanoTime = nanoTime;
            this.counter = counter;
            this.lastNanos = nanoTime.getAsLong();
            this.lastCount = counter.getAsLong();
        }

        synchronized double perSecond() {
            long nanos = nanoTime.getAsLong();
            long elapsed = nanos - lastNanos;
            if (elapsed >= SHORTEST_NANOS) {
                long count = counter.getAsLong();
                last = (count - lastCount) * 1e9 / elapsed;
                lastNanos = nanos;
                lastCount = count;
            }
            return last;
        }
    }
}
