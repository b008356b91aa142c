package dev.waitingroom.operator.scaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How many pods a gateway has. It grows at once to the number that the demand needs. It shrinks only to the largest number needed during the
 * last {@link Bounds#scaleDownAfter}, as Kubernetes' autoscaler does. Immutable: each decision returns a new value.
 *
 * @param replicas the decision
 * @param calledFor the number that the current demand needs, within the bounds
 * @param history numbers needed lately, oldest first; without those that a later, larger number makes irrelevant
 */
public record Scaling(int replicas, int calledFor, List<Moment> history) {
    /** The share of its CPUs that a pod should use at most. */
    private static final double CPU_TARGET = 0.7;

    /** The share of its streams that a pod should have open at most. Visitors above the limit poll, so a new pod has time to start. */
    private static final double STREAMS_TARGET = 0.8;

    /** A waiting visitor polls every 30 s on average. This predicts the load of a line before its visitors have polled. */
    private static final double POLLS_PER_WAITER_SECOND = 1.0 / 30;

    /** The number of pods needed at a moment. */
    public record Moment(Instant at, int pods) {}

    public Scaling {
        history = List.copyOf(history);
    }

    /** Without a history: the existing pods count as needed now. */
    public static Scaling from(int existing, Instant now) {
        return new Scaling(existing, existing, List.of(new Moment(now, existing)));
    }

    /** The next decision. */
    public Scaling next(Demand demand, Bounds bounds, Instant now) {
        int pods = Math.clamp(needed(demand, bounds), bounds.min(), bounds.max());
        var kept = new ArrayList<Moment>();
        for (Moment moment : history) {
            if (moment.pods > pods && moment.at.isAfter(now.minus(bounds.scaleDownAfter()))) {
                kept.add(moment);
            }
        }
        int most = kept.isEmpty() ? pods : kept.getFirst().pods;
        kept.add(new Moment(now, pods));
        return new Scaling(Math.clamp(most, bounds.min(), bounds.max()), pods, kept);
    }

    private static long needed(Demand demand, Bounds bounds) {
        double requests = Math.max(demand.requestsPerSecond(), demand.waiting() * POLLS_PER_WAITER_SECOND);
        double busy = Math.max(demand.busyCpus() / CPU_TARGET, demand.usedStreams() / STREAMS_TARGET);
        return (long) Math.ceil(Math.max(requests / bounds.targetRequestsPerSecond(), busy));
    }
}
