package dev.waitingroom.operator.scaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How many pods a gateway has. Up at once to what the demand calls for; down only to the most that it called for at any moment of the
 * last {@link Bounds#scaleDownAfter}, as Kubernetes' own autoscaler does. An immutable value: each decision is the next one.
 *
 * @param replicas the decision
 * @param calledFor what the demand alone called for, within the bounds
 * @param history what was called for lately, oldest first; only what a later, greater one does not make pointless
 */
public record Scaling(int replicas, int calledFor, List<Moment> history) {
    /** A pod is given work up to this share of its processors. */
    private static final double CPU_TARGET = 0.7;

    /** One who waits polls this often on average, 30 s apart: what to expect of a line before its visitors have all been heard. */
    private static final double POLLS_PER_WAITER_SECOND = 1.0 / 30;

    /** What was called for at a moment. */
    public record Moment(Instant at, int pods) {}

    public Scaling {
        history = List.copyOf(history);
    }

    /** Where nothing is known of the past but that so many pods are there: they count as called for now. */
    public static Scaling from(int existing, Instant now) {
        return new Scaling(existing, existing, List.of(new Moment(now, existing)));
    }

    /** The decision after this one. */
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
        return (long) Math.ceil(Math.max(requests / bounds.targetRequestsPerSecond(), demand.busyCpus() / CPU_TARGET));
    }
}
