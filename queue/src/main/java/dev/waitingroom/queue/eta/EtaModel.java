package dev.waitingroom.queue.eta;

import java.time.Duration;

/**
 * When a place in the line becomes a turn.
 *
 * <p>Of the P visitors ahead who will come, admissions take {@code rate} each second, and a share λ departs unadmitted: dP/dt = −rate −
 * λP. So P is gone after ln(1 + λP / rate) / λ. Tokens in the bucket are used first. The band is the error of the estimate in simulated
 * sales: ±(15% + 1.5/√P).
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
     * How many visitors who are not called yet will come: the share of called visitors who came, but no more than are present. Visitors
     * who closed the page become known only after a long silence, while the share includes them from the first calls on. Once they are
     * known they count as absent and, for a while, still in the share: hence the lesser of the two.
     *
     * @param alive tickets in the line, at least 0
     * @param present those of them whose visitors polled lately
     * @param share of called visitors who came, 0..1
     */
    public static double coming(long alive, long present, double share) {
        return Math.min((double) present, (double) alive * share);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofSeconds((long) Math.min(seconds, 1e9));
    }
}
