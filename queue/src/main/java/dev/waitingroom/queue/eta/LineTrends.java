package dev.waitingroom.queue.eta;

/**
 * How fast those who wait go by themselves (leave, or fall silent), learnt from the line's counters: an exponential moving average over
 * 180 s that begins at a prior, so that there is an estimate from the first second on. Not thread-safe.
 */
public final class LineTrends {
    private static final double WINDOW_SECONDS = 180;
    private static final double PRIOR_WAITER_SECONDS = 2_000;
    private static final double PRIOR_DEPARTURES_PER_WAITER_SECOND = 0.0003;
    private static final double LONGEST_STEP_SECONDS = 30;

    /**
     * A look at the line.
     *
     * @param micros Redis' clock, µs
     * @param joined counter
     * @param granted counter
     * @param present who waits and polled lately
     */
    public record Sample(long micros, long joined, long granted, long present) {}

    private Sample last;
    private double departures;
    private double waiterSeconds;

    public LineTrends(Sample first) {
        this.last = first;
    }

    /** Learns from the next look. Counters that went back (a line that was lost) and long gaps are skipped. */
    public void observe(Sample sample) {
        double seconds = (sample.micros - last.micros) / 1e6;
        long joined = sample.joined - last.joined;
        long granted = sample.granted - last.granted;
        if (seconds > 0 && seconds < LONGEST_STEP_SECONDS && joined >= 0 && granted >= 0) {
            double keep = Math.exp(-seconds / WINDOW_SECONDS);
            departures = departures * keep + (last.present + joined - granted - sample.present);
            waiterSeconds = waiterSeconds * keep + (last.present + sample.present) / 2.0 * seconds;
        }
        last = sample;
    }

    /** λ: the share of those present that goes by itself each second, 0..1. */
    public double departuresPerWaiterSecond() {
        double lambda = (departures + PRIOR_DEPARTURES_PER_WAITER_SECOND * PRIOR_WAITER_SECONDS)
                / (waiterSeconds + PRIOR_WAITER_SECONDS);
        return Math.clamp(lambda, 0, 1);
    }
}
