package dev.waitingroom.queue.eta;

import java.time.Duration;

/**
 * When a place in the line becomes a turn.
 *
 * <p>Of the P ahead who will come, admissions take {@code rate} away each second, and a share λ goes by itself: dP/dt = −rate − λP, so
 * that P is gone after ln(1 + λP / rate) / λ. Tokens that are in the bucket go first. The band is that of the estimate's error in
 * simulated sales: ±(15% + 1.5/√P).
 */
public final class EtaModel {
    private EtaModel() {}

    /**
     * @param ahead how many are expected to be admitted before, at least 0
     * @param tokens in the bucket now, the part of the next one included, at least 0
     * @param ratePerSecond admissions a second, above 0
     * @param lambda departures per waiter-second, 0..1, see {@link LineTrends}
     */
    public static Eta estimate(double ahead, double tokens, double ratePerSecond, double lambda) {
        double missing = Math.max(0.0, ahead + 1 - tokens);
        double seconds =
                lambda < 1e-9 ? missing / ratePerSecond : Math.log1p(lambda * missing / ratePerSecond) / lambda;
        double band = missing == 0 ? 0 : 0.15 + 1.5 / Math.sqrt(missing);
        return new Eta(
                seconds(Math.ceil(seconds)),
                seconds(Math.floor(seconds * Math.max(0, 1 - band))),
                seconds(Math.ceil(seconds * (1 + band))));
    }

    /**
     * How many of those who are yet to be called will come: the share that came of those called before, but no more than are there. Those
     * who closed the page are unknown by name until they are silent for long; the share tells of them from the first calls on. Once they
     * are known they count as absent and, for a while, still in the share: hence the lesser of the two.
     *
     * @param alive in the line, at least 0
     * @param present of these, who polled lately
     * @param share of those whose turn came, how many came, 0..1
     */
    public static double coming(long alive, long present, double share) {
        return Math.min((double) present, (double) alive * share);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofSeconds((long) Math.min(seconds, 1e9));
    }
}
