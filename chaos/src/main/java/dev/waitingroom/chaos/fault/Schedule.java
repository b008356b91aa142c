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
    /** Faults at the same time, after so much quiet. */
    public record Step(Duration quiet, List<Fault> faults) {
        public Step {
            faults = List.copyOf(faults);
        }
    }

    /** Of those that may have another beside them, so many have. */
    private static final double BESIDE = 0.4;

    public Schedule {
        steps = List.copyOf(steps);
    }

    /** Whether this fault is among them. */
    public boolean has(Fault fault) {
        return steps.stream().anyMatch(step -> step.faults().contains(fault));
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
                .map(fault ->
                        new Step(Duration.ofMillis(1_000 + random.nextInt(2_000)), withAnother(fault, all, random)))
                .toList());
    }

    /** The fault, and sometimes another beside it. */
    private static List<Fault> withAnother(Fault fault, List<Fault> all, Random random) {
        List<Fault> others = all.stream().filter(fault::mayHaveBeside).toList();
        return others.isEmpty() || random.nextDouble() > BESIDE
                ? List.of(fault)
                : List.of(fault, others.get(random.nextInt(others.size())));
    }
}
