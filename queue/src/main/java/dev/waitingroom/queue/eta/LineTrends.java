package dev.waitingroom.queue.eta;

/**
 * How fast waiting visitors depart unadmitted (leave, or fall silent), learnt from the line's counters: departures over waiter-seconds,
 * both fading over 180 s. Departures count only above two standard deviations of a Poisson count. The estimate extrapolates them over the
 * whole wait: at one admission an hour, one visitor who leaves would otherwise halve it. Not thread-safe.
 */
public final class LineTrends {
    private static final double WINDOW_SECONDS = 180;
    private static final double MAX_STEP_SECONDS = 30;

    /**
     * A sample of the line's counters.
     *
     * @param micros Redis' clock, µs
     * @param joined counter
     * @param granted counter
     * @param present waiting visitors who polled lately
     */
    public record Sample(long micros, long joined, long granted, long present) {}

    private Sample last;
    private double departures;
    private double waiterSeconds;

    public LineTrends(Sample first) {
        this.last = first;
    }

    /** Learns from the next sample. Skips counters that went back (a lost line), and long gaps. */
    public void observe(Sample sample) {
        double seconds = (sample.micros - last.micros) / 1e6;
        long joined = sample.joined - last.joined;
        long granted = sample.granted - last.granted;
        if (seconds > 0 && seconds < MAX_STEP_SECONDS && joined >= 0 && granted >= 0) {
            double keep = Math.exp(-seconds / WINDOW_SECONDS);
            departures = departures * keep + (last.present + joined - granted - sample.present);
            waiterSeconds = waiterSeconds * keep + (last.present + sample.present) / 2.0 * seconds;
        }
        last = sample;
    }

    /** λ: the share of present visitors that departs unadmitted each second, 0..1. */
    public double departuresPerWaiterSecond() {
        double certain = departures - 2 * Math.sqrt(Math.max(0, departures));
        return certain <= 0 ? 0 : Math.min(1, certain / waiterSeconds);
    }
}
