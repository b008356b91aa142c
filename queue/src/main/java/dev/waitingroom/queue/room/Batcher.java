package dev.waitingroom.queue.room;

import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts.Call;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Gathers entries while the last batch of them is in flight, and sends the next batch when that one is answered. Capacity, patience,
 * spacing, retries and a stale epoch are treated here, for all kinds of batches. Use it on the room's thread only.
 *
 * @param <T> one entry of a batch
 * @param <R> what the script answers to a batch
 */
abstract sealed class Batcher<T, R> permits QueueBatcher, AdmitBatcher, RestoreBatcher {
    /** How many entries may wait. With more the gateway is overloaded. */
    static final int CAPACITY = 20_000;

    static final Duration RETRY_DELAY = Duration.ofMillis(50);

    final RoomContext context;
    final LineReplica line;
    private List<T> inFlight = List.of();
    private boolean paused;

    Batcher(RoomContext context, LineReplica line) {
        this.context = context;
        this.line = line;
    }

    /** The entries to send next, in order. They leave the waiting ones here, or when they are answered. */
    abstract List<T> nextBatch();

    abstract CompletionStage<Reply<R>> call(Call fence, List<T> batch);

    /**
     * Answers a batch that Redis carried out.
     *
     * @return whether the next batch may be sent at once
     */
    abstract boolean done(List<T> batch, R reply, long nowMicros);

    /** Answers a batch that Redis will not carry out. */
    abstract void refuse(List<T> batch, Unavailability why);

    /** Puts a batch that is to be sent anew before the entries that wait, unless its entries never left them. */
    void putBack(List<T> batch) {}

    /** Whether a batch may be sent now, as far as this kind of batches is concerned. */
    boolean maySend() {
        return true;
    }

    /** How long after one batch the next may be sent, at the earliest. */
    Duration spacing() {
        return Duration.ZERO;
    }

    /** How long Redis may take to carry a batch out. */
    Duration callTimeout() {
        return RoomContext.PATIENCE;
    }

    /** Redis named another epoch, which is known by now. Sends the entries anew at once. */
    void staleEpoch() {
        putBack(release());
        send();
    }

    /** The batch came after its deadline, and had no effect. */
    void late() {
        retry();
    }

    /** Redis did not answer, or answered with an error. The batch may have had its effect. */
    void failed() {
        retry();
    }

    /**
     * Why one more entry cannot be taken in. Empty if it can.
     *
     * @param waiting how many wait already
     * @param overload says what they do, after their number
     */
    final Optional<Unavailability> refusal(int waiting, String overload) {
        if (context.outageKnown()) {
            return Optional.of(context.unavailable());
        }
        return waiting >= CAPACITY ? Optional.of(overloaded(CAPACITY + " " + overload)) : Optional.empty();
    }

    static Unavailability overloaded(String why) {
        return new Unavailability(Unavailability.Cause.OVERLOADED, why, Duration.ofSeconds(1));
    }

    static boolean patienceIsOver(long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos >= RoomContext.PATIENCE.toNanos();
    }

    /** Sends the next batch, unless one is in flight or the last one was sent a moment ago. */
    final void send() {
        if (!inFlight.isEmpty() || paused || line.epochUnknown() || !maySend()) {
            return;
        }
        List<T> batch = nextBatch();
        if (batch.isEmpty()) {
            return;
        }
        pause();
        inFlight = batch;
        callNow();
    }

    /** Sends the batch that is in flight, for the first time or again. */
    final void callNow() {
        context.follow(call(context.call(callTimeout()), inFlight), this::ended);
    }

    final List<T> inFlight() {
        return inFlight;
    }

    /** Ends the flight of the batch, and returns it. */
    final List<T> release() {
        List<T> batch = inFlight;
        inFlight = List.of();
        return batch;
    }

    private void pause() {
        Duration spacing = spacing();
        if (spacing.isPositive()) {
            paused = true;
            context.after(spacing, () -> {
                paused = false;
                send();
            });
        }
    }

    private void ended(RoomContext.Ended<R> ended) {
        switch (ended) {
            case RoomContext.Ended.Answered(Reply.Done(long now, R reply)) -> {
                if (done(release(), reply, now)) {
                    send();
                }
            }
            case RoomContext.Ended.Answered(Reply.StaleEpoch(long now, long epoch)) -> {
                line.epochIs(epoch);
                staleEpoch();
            }
            case RoomContext.Ended.Answered(Reply.NoPolicy<R> none) -> refuse(release(), PolicyReader.NO_POLICY);
            case RoomContext.Ended.Answered(Reply.Late<R> late) -> late();
            case RoomContext.Ended.Failed<R> failed -> failed();
        }
    }

    private void retry() {
        putBack(release());
        context.after(RETRY_DELAY, this::send);
    }
}
