package dev.waitingroom.gateway.metrics;

import dev.waitingroom.queue.room.PodLoad;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Measures the load of this process, for the gateway's autoscaling. Each value is the mean since its last reading. Thread-safe. */
public final class LoadMeter implements PodLoad {
    private final LongAdder requests = new LongAdder();
    private final Rate requestRate;
    private final Rate cpuRate;
    private final int processors;

    /**
     * @param nanoTime a clock that never goes back, ns
     * @param cpuNanos processor time that this process has used, ns
     * @param processors how many the process may use
     */
    LoadMeter(LongSupplier nanoTime, LongSupplier cpuNanos, int processors) {
        this.requestRate = new Rate(nanoTime, requests::sum);
        this.cpuRate = new Rate(nanoTime, cpuNanos);
        this.processors = processors;
    }

    /** Measures this JVM. */
    public static LoadMeter ofThisProcess() {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new LoadMeter(
                System::nanoTime, os::getProcessCpuTime, Runtime.getRuntime().availableProcessors());
    }

    void request() {
        requests.increment();
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
