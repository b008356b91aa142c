package dev.waitingroom.queue.eta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.eta.LineTrends.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What visitors are told, against how long it then takes. A share of them closes the page when they have joined: they are present until
 * the generation after is over, and in the line for one more.
 */
class SimulatedSaleTest {
    private static final int GENERATION_SECONDS = 147; // ttl 300
    private static final int RATE = 10;

    @ParameterizedTest(name = "{0}% close the page, {1} of the others leave a second")
    @CsvSource({"0, 0, 0.01", "0, 0.0005, 0.03", "30, 0.0005, 0.10", "60, 0.001, 0.15", "90, 0.0005, 0.25"})
    void estimateCountsThoseWhoDoNotComeOnce(int closedPercent, double leaving, double mostError) {
        List<Told> told = new Sale(closedPercent / 100.0, leaving).play(6_000);

        assertThat(told).hasSizeGreaterThan(50);
        assertThat(told.stream().mapToDouble(Told::error).average().orElseThrow())
                .isLessThan(mostError);
    }

    private record Told(double estimate, double took) {
        double error() {
            return Math.abs(estimate - took) / took;
        }
    }

    private static final class Visitor {
        private final boolean closedThePage;
        private int toldAt;
        private double told;

        private Visitor(boolean closedThePage) {
            this.closedThePage = closedThePage;
        }

        private boolean present(int second) {
            return !closedThePage || second < 2 * GENERATION_SECONDS;
        }

        private boolean alive(int second) {
            return !closedThePage || second < 3 * GENERATION_SECONDS;
        }
    }

    private static final class Sale {
        private final Random random = new Random(7);
        private final double closedShare;
        private final double leaving;
        private final List<Visitor> line = new ArrayList<>();
        private final List<Told> told = new ArrayList<>();
        private long granted;
        private double called = 3 * RATE;
        private double came = 3 * RATE;

        private Sale(double closedShare, double leaving) {
            this.closedShare = closedShare;
            this.leaving = leaving;
        }

        /** So many who mean it join at once, and those who do not. */
        private List<Told> play(int meaningIt) {
            long joined = (long) (meaningIt / (1 - closedShare));
            for (long i = 0; i < joined; i++) {
                line.add(new Visitor(random.nextDouble() < closedShare));
            }
            var trends = new LineTrends(new Sample(0, joined, 0, joined));
            for (int second = 1; !line.isEmpty(); second++) {
                int now = second;
                line.removeIf(
                        visitor -> !visitor.alive(now) || (!visitor.closedThePage && random.nextDouble() < leaving));
                admit(second);
                int present = (int)
                        line.stream().filter(visitor -> visitor.present(now)).count();
                trends.observe(new Sample(second * 1_000_000L, joined, granted, present));
                if (second % 5 == 0) {
                    tellSomeone(second, trends.departuresPerWaiterSecond());
                }
            }
            return told;
        }

        /** A token is taken at admission only: those who are not there are passed by. The share that comes fades over 30 s. */
        private void admit(int second) {
            int past = 0;
            int tokens = RATE;
            while (tokens > 0 && past < line.size()) {
                Visitor next = line.get(past++);
                if (!next.closedThePage) {
                    tokens--;
                    granted++;
                    if (next.toldAt > 0 && second - next.toldAt > 30) {
                        told.add(new Told(next.told, second - next.toldAt));
                    }
                }
            }
            line.subList(0, past).clear();
            double fade = Math.exp(-1 / 30.0);
            called = 3 * RATE + (called + past - 3 * RATE) * fade;
            came = 3 * RATE + (came + RATE - tokens - 3 * RATE) * fade;
        }

        private void tellSomeone(int second, double lambda) {
            List<Visitor> eager = line.stream()
                    .filter(visitor -> !visitor.closedThePage && visitor.toldAt == 0)
                    .toList();
            if (!eager.isEmpty()) {
                Visitor visitor = eager.get(random.nextInt(eager.size()));
                List<Visitor> ahead = line.subList(0, line.indexOf(visitor));
                long present =
                        ahead.stream().filter(other -> other.present(second)).count();
                double coming = EtaModel.coming(ahead.size(), present, came / called);
                visitor.toldAt = second;
                visitor.told = (double)
                        EtaModel.estimate(coming, 0, RATE, lambda).expected().toSeconds();
            }
        }
    }
}
