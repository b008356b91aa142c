package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.api.TicketResolver.Place;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.InFlightLimiter;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.metrics.CallMeter;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.Unavailability;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls rooms: limits the calls in flight, counts outcomes, and answers calls that failed. Thread-safe. */
public final class RoomCaller {
    /** In all rooms together; one room takes as many of a kind. */
    private static final int MAX_IN_FLIGHT = 20_000;

    private static final Unavailability OVERLOADED = new Unavailability(
            Unavailability.Cause.OVERLOADED, MAX_IN_FLIGHT + " calls are in flight", Duration.ofSeconds(1));
    private static final Unavailability NOT_SETTLED = new Unavailability(
            Unavailability.Cause.REDIS_UNREACHABLE,
            "Redis did not settle in time where the ticket stands",
            Duration.ofSeconds(1));

    private final CallMeter meter;
    private final UnavailabilityReporter reporter;
    private final InFlightLimiter limiter = new InFlightLimiter(MAX_IN_FLIGHT);

    RoomCaller(CallMeter meter, UnavailabilityReporter reporter) {
        this.meter = meter;
        this.reporter = reporter;
    }

    /** Calls the room and continues with the outcome. If too many calls are in flight, answers OVERLOADED instead. */
    <T> void call(RoomCall call, Supplier<CompletionStage<T>> supplier, Consumer<T> then) {
        call(call, supplier, then, why -> answerUnavailable(call, why));
    }

    /** Calls the room and continues with the outcome, or with the reason if too many calls are in flight. */
    public <T> void call(
            RoomCall call,
            Supplier<CompletionStage<T>> supplier,
            Consumer<T> then,
            Consumer<Unavailability> otherwise) {
        limiter.begin(supplier)
                .ifPresentOrElse(stage -> call.exchange().await(stage, then), () -> otherwise.accept(OVERLOADED));
    }

    /** Continues when Redis has settled where the ticket stands. If it does not in time, answers UNAVAILABLE, not a guess. */
    void whenSettled(Exchange x, String name, Place.Served place, Runnable then) {
        Room room = place.room();
        Optional<CompletionStage<Void>> unsettled = room.unsettled(place.ticket());
        if (unsettled.isEmpty()) {
            then.run();
            return;
        }
        x.await(unsettled.get(), settled -> {
            if (room.unsettled(place.ticket()).isPresent()) {
                answerUnavailable(RoomCall.of(x, name, place), NOT_SETTLED);
            } else {
                then.run();
            }
        });
    }

    public void count(RoomCall call, String outcome) {
        meter.count(call.room().eventId(), call.name(), outcome);
    }

    /** Counts and logs a call that failed. */
    public void failed(RoomCall call, Unavailability why) {
        count(call, "unavailable");
        reporter.failed(call, why);
    }

    void answerUnavailable(RoomCall call, Unavailability why) {
        failed(call, why);
        call.exchange().answer(problem(why));
    }

    private static Problem problem(Unavailability why) {
        return switch (why.cause()) {
            case REDIS_UNREACHABLE, REDIS_REFUSED, NO_POLICY ->
                Problem.retry(
                        QueueProblem.UNAVAILABLE, "the line cannot be reached now; places are kept", why.retryAfter());
            case RECOVERING ->
                Problem.retry(
                        QueueProblem.RECOVERING,
                        "the line is being restored after a failure; places are kept",
                        why.retryAfter());
            case OVERLOADED ->
                Problem.retry(QueueProblem.OVERLOADED, "this gateway process has reached its limit", why.retryAfter());
        };
    }
}
