package dev.waitingroom.operator.watch;

import dev.waitingroom.queue.eta.EtaModel;
import dev.waitingroom.queue.eta.LineTrends;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.TokenBucket;
import dev.waitingroom.queue.store.LineFigures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes rates from successive counters of a line. Not thread-safe. */
final class RoomTrend {
    private static final long WINDOW_MICROS = 10_000_000;

    private final Deque<LineFigures> window = new ArrayDeque<>();
    private @Nullable LineTrends departures;

    /** Adds the counters, and returns the observation. */
    RoomObservation observe(LineFigures figures, Policy policy) {
        LineFigures last = window.peekLast();
        if (last != null && (figures.granted() < last.granted() || figures.nowMicros() <= last.nowMicros())) {
            window.clear(); // a new line began, or Redis' clock went back
        }
        window.addLast(figures);
        while (window.size() > 2 && figures.nowMicros() - window.getFirst().nowMicros() > WINDOW_MICROS) {
            window.removeFirst();
        }
        var sample = new LineTrends.Sample(figures.nowMicros(), figures.joined(), figures.granted(), figures.waiting());
        if (departures == null) {
            departures = new LineTrends(sample);
        } else {
            departures.observe(sample);
        }
        return new RoomObservation(
                figures.waiting(),
                figures.granted(),
                grantsPerSecond(),
                expectedWait(figures, policy, departures.departuresPerWaiterSecond()),
                figures.epoch());
    }

    private double grantsPerSecond() {
        LineFigures first = window.getFirst();
        LineFigures last = window.getLast();
        double seconds = (last.nowMicros() - first.nowMicros()) / 1e6;
        return seconds == 0 ? 0 : (last.granted() - first.granted()) / seconds;
    }

    /** Uses the gateways' model, so that the column shows the same wait as the API. */
    private static Optional<Duration> expectedWait(LineFigures figures, Policy policy, double lambda) {
        return switch (policy.mode()) {
            case HOLD -> Optional.empty();
            case PASS -> Optional.of(Duration.ZERO);
            case QUEUE, REJECT -> {
                double ahead = EtaModel.coming(figures.waiting(), figures.waiting(), figures.comingMillionths() / 1e6);
                if (policy.cap()
                        .filter(cap -> ahead + 1 > (double) cap.maxActive() - figures.active())
                        .isPresent()) {
                    yield Optional.empty(); // nobody can tell when sessions end
                }
                yield Optional.of(EtaModel.estimate(
                                ahead,
                                figures.bucket().exactTokens(TokenBucket.Limit.of(policy), figures.nowMicros()),
                                policy.ratePerSecond(),
                                lambda)
                        .expected());
            }
        };
    }
}
