package dev.waitingroom.gateway.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Limits the calls in flight. Each takes memory until it completes, even if its caller has gone away. So nothing behind this limiter can
 * grow without bound. Thread-safe.
 */
public final class InFlightLimiter {
    private final int max;
    private final AtomicInteger inFlight = new AtomicInteger();

    public InFlightLimiter(int max) {
        this.max = max;
    }

    /** @return the outcome to come; empty if too many calls are in flight, and this one was not made */
    public <T> Optional<CompletionStage<T>> begin(Supplier<CompletionStage<T>> call) {
        if (inFlight.incrementAndGet() > max) {
            inFlight.decrementAndGet();
            return Optional.empty();
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            inFlight.decrementAndGet();
            throw e;
        }
        return Optional.of(stage.whenComplete((value, failure) -> inFlight.decrementAndGet()));
    }
}
