package dev.waitingroom.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RequestLimitProperties {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int ROOMY = 1_000;

    /** A request of one of a few clients, some time after the previous one. */
    record Step(int client, int afterMillis, int units) {}

    /** The model: a bucket for each client that is never forgotten. */
    private static final class Model {
        private final int rate;
        private final double capacity;
        private double tokens;
        private long asOf;

        Model(int rate, long now) {
            this.rate = rate;
            this.capacity = (double) rate * RequestLimit.BURST_SECONDS;
            this.tokens = capacity;
            this.asOf = now;
        }

        double at(long now) {
            tokens = Math.min(capacity, tokens + (double) (now - asOf) * rate / SECOND);
            asOf = now;
            return tokens;
        }
    }

    @Property(tries = 300)
    void eachClientHasItsOwnBucket(
            @ForAll @IntRange(min = 1, max = 5) int rate,
            @ForAll @Size(max = 200) List<@IntRange(max = 9_999) Integer> seeds) {
        var clock = new AtomicLong(17);
        RequestLimit limit = new RequestLimit(rate, clock::get, ROOMY);
        var models = new HashMap<Integer, Model>();
        for (Step step : steps(seeds)) {
            clock.addAndGet(step.afterMillis * 1_000_000L);
            Model model = models.computeIfAbsent(step.client, client -> new Model(rate, clock.get()));
            double tokens = model.at(clock.get());

            long waits = limit.take(address(step.client), step.units);

            if (Math.abs(tokens - step.units) > 1e-6) { // on the edge either is right
                assertThat(waits == RequestLimit.GRANTED).isEqualTo(tokens > step.units);
            }
            if (waits == RequestLimit.GRANTED) {
                model.tokens -= step.units;
            } else {
                assertThat((double) waits * rate / SECOND)
                        .isBetween(step.units - tokens - 1e-3, step.units - tokens + 1e-3);
            }
        }
    }

    /** A small table with many clients forgets some, but never refuses a client below its limit. */
    @Property(tries = 300)
    void noClientIsRefusedForRequestsOfOthers(
            @ForAll @IntRange(min = 1, max = 5) int rate,
            @ForAll @IntRange(max = 3) int clientsKept,
            @ForAll @Size(max = 200) List<@IntRange(max = 9_999) Integer> seeds) {
        var clock = new AtomicLong(17);
        RequestLimit limit = new RequestLimit(rate, clock::get, clientsKept);
        var models = new HashMap<Integer, Model>();
        for (Step step : steps(seeds)) {
            clock.addAndGet(step.afterMillis * 1_000_000L);
            Model model = models.computeIfAbsent(step.client, client -> new Model(rate, clock.get()));
            double tokens = model.at(clock.get());

            boolean granted = limit.take(address(step.client), step.units) == RequestLimit.GRANTED;

            assertThat(granted || tokens < step.units + 1e-6).isTrue();
            model.tokens = Math.max(0, tokens - (granted ? step.units : 0));
        }
    }

    @Property(tries = 100)
    void chargeEmptiesTheBucketAtMost(
            @ForAll @IntRange(min = 1, max = 1_000) int rate, @ForAll @IntRange(min = 1, max = 100_000) int charges) {
        var clock = new AtomicLong(17);
        RequestLimit limit = new RequestLimit(rate, clock::get, ROOMY);
        for (int i = 0; i < charges % 40; i++) {
            limit.charge(address(0), charges);
        }

        long waits = limit.take(address(0), 1);

        assertThat(waits).isBetween(RequestLimit.GRANTED, SECOND / rate);
        assertThat(limit.take(address(1), 1)).isEqualTo(RequestLimit.GRANTED);
    }

    private static List<Step> steps(List<Integer> seeds) {
        return seeds.stream()
                .map(seed -> new Step(seed % 5, seed % 7 == 0 ? seed % 2_000 : seed % 40, 1 + seed % 8))
                .toList();
    }

    private static IpAddress address(int client) {
        return IpAddress.parse("203.0.113." + client).orElseThrow();
    }
}
