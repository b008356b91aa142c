package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.topology.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which faults a run has, in which order, and how long it is quiet before each. Follows from the seed and the kind of Redis alone. Seeds that
 * follow each other go round all faults.
 *
 * @param steps in order
 */
public record Schedule(List<Step> steps) {
    /** A fault, after so much quiet. */
    public record Step(Duration quiet, Fault fault) {}

    public Schedule {
        steps = List.copyOf(steps);
    }

    /** Whether this fault is among them. */
    public boolean has(Fault fault) {
        return steps.stream().anyMatch(step -> step.fault() == fault);
    }

    /** @param count how many faults */
    public static Schedule of(long seed, Kind kind, int count) {
        List<Fault> all = Fault.of(kind);
        Random random = new Random(seed * 31 + kind.name().hashCode());
        long round = Math.floorDiv(seed, Kind.values().length);
        List<Fault> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(all.get((int) Math.floorMod(round * count + kind.name().hashCode() + i, (long) all.size())));
        }
        Collections.shuffle(chosen, random);
        return new Schedule(chosen.stream()
                .map(fault -> new Step(Duration.ofMillis(1_000 + random.nextInt(2_000)), fault))
                .toList());
    }
}
