package dev.waitingroom.queue.eta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.eta.LineTrends.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What visitors are told, against how long it then takes. A share of them closes the page when they have joined: they count as present
 * until two generations are over, and no gateway can know better before.
 */
class SimulatedSaleTest {
    private static final int GENERATION_SECONDS = 147; // ttl 300
    private static final int RATE = 10;

    @ParameterizedTest(name = "{0}% close the page, {1} of the others leave a second")
    @CsvSource({"0, 0, 0.01", "0, 0.0005, 0.03", "30, 0.0005, 0.15", "60, 0.001, 0.20", "90, 0.0005, 0.30"})
    void estimateNeedsNoFactorForThoseWhoDoNotCome(int closedPercent, double leaving, double mostError) {
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
        private final int joined;
        private final boolean closedThePage;
        private int toldAt;
        private double told;

        private Visitor(int joined, boolean closedThePage) {
            this.joined = joined;
            this.closedThePage = closedThePage;
        }

        private boolean present(int second) {
            return !closedThePage || second / GENERATION_SECONDS - joined / GENERATION_SECONDS <= 1;
        }
    }

    private static final class Sale {
        private final Random random = new Random(7);
        private final double closedShare;
        private final double leaving;
        private final List<Visitor> line = new ArrayList<>();
        private final List<Told> told = new ArrayList<>();
        private long joined;
        private long granted;

        private Sale(double closedShare, double leaving) {
            this.closedShare = closedShare;
            this.leaving = leaving;
        }

        /** So many who mean it join at once; who is told something is told it once the others are known to be gone. */
        private List<Told> play(int meaningIt) {
            for (int i = 0; i < meaningIt / (1 - closedShare); i++) {
                line.add(new Visitor(0, random.nextDouble() < closedShare));
                joined++;
            }
            var trends = new LineTrends(sample(0));
            for (int second = 1; !line.isEmpty(); second++) {
                line.removeIf(visitor -> !visitor.closedThePage && random.nextDouble() < leaving);
                admit(second);
                trends.observe(sample(second));
                if (second > 2 * GENERATION_SECONDS && !line.isEmpty()) {
                    tellSomeone(second, trends.departuresPerWaiterSecond());
                }
            }
            return told;
        }

        /** A token is taken at admission only: those who are not there are passed by. */
        private void admit(int second) {
            int tokens = RATE;
            int past = 0;
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
        }

        private void tellSomeone(int second, double lambda) {
            List<Visitor> eager = line.stream()
                    .filter(visitor -> !visitor.closedThePage && visitor.toldAt == 0)
                    .toList();
            if (!eager.isEmpty()) {
                Visitor visitor = eager.get(random.nextInt(eager.size()));
                visitor.toldAt = second;
                double ahead = present(line.indexOf(visitor), second);
                visitor.told =
                        EtaModel.estimate(ahead, 0, RATE, lambda).expected().toSeconds();
            }
        }

        private Sample sample(int second) {
            return new Sample(second * 1_000_000L, joined, granted, present(line.size(), second));
        }

        private int present(int places, int second) {
            return (int) line.subList(0, places).stream()
                    .filter(visitor -> visitor.present(second))
                    .count();
        }
    }
}
