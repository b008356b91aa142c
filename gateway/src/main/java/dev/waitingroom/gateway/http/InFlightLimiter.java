package dev.waitingroom.gateway.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Bounds the calls that wait for a room: each takes memory until the room has answered, also where its caller has long gone away. So
 * nothing on the way from here to Redis can grow without end. Thread-safe.
 */
public final class InFlightLimiter {
    private final int most;
    private final AtomicInteger underWay = new AtomicInteger();

    public InFlightLimiter(int most) {
        this.most = most;
    }

    /** @return the call's outcome to come; empty where there are too many already, and the call was not made */
    public <T> Optional<CompletionStage<T>> begin(Supplier<CompletionStage<T>> call) {
        if (underWay.incrementAndGet() > most) {
            underWay.decrementAndGet();
            return Optional.empty();
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (RuntimeException e) {
            underWay.decrementAndGet();
            throw e;
        }
        return Optional.of(stage.whenComplete((value, failure) -> underWay.decrementAndGet()));
    }
}
