package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.topology.Kind;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults of a run, their order, and the quiet time before each. It depends only on the seed and the kind of Redis. Twenty consecutive
 * seeds, with three faults each, contain every fault.
 *
 * @param steps in order
 */
public record Schedule(List<Step> steps) {
    /** Simultaneous faults, after a quiet time. */
    public record Step(Duration quiet, List<Fault> faults) {
        public Step {
            faults = List.copyOf(faults);
        }
    }

    /** The share of faults with a second one, among those that may have one. */
    private static final double BESIDE = 0.4;

    public Schedule {
        steps = List.copyOf(steps);
    }

    /** Whether it contains this fault. */
    public boolean has(Fault fault) {
        return steps.stream().anyMatch(step -> step.faults().contains(fault));
    }

    /** @param count the number of steps, at least 1; one of them needs a certain kind of Redis */
    public static Schedule of(long seed, Kind kind, int count) {
        Random random = new Random(seed * 31 + kind.name().hashCode());
        List<Fault> all = Fault.of(kind);
        List<Fault> rare = all.stream().filter(Fault::isRare).toList();
        List<Kind> kinds = List.of(Kind.values());
        List<Fault> chosen = new ArrayList<>();
        // Each kind begins at another place, so that a few runs of each contain all.
        chosen.add(at(rare, Math.floorDiv(seed, kinds.size()) + kinds.indexOf(kind)));
        List<Fault> wheel = wheel(kinds.size());
        for (long place = seed * (count - 1); chosen.size() < count; place++) {
            Fault next = at(wheel, place);
            if (all.contains(next)) {
                chosen.add(next);
            }
        }
        Collections.shuffle(chosen, random);
        return new Schedule(chosen.stream()
                .map(fault ->
                        new Step(Duration.ofMillis(1_000 + random.nextInt(2_000)), withAnother(fault, all, random)))
                .toList());
    }

    /**
     * The ring of faults that consecutive seeds go round. Its size has no factor in common with the number of kinds, so each kind reaches each place.
     * A fault that Sentinel cannot have is in it twice, at places that do not both fall to Sentinel ({@code ScheduleTest}).
     */
    private static List<Fault> wheel(int kinds) {
        List<Fault> common = Fault.common();
        List<Fault> wheel = new ArrayList<>(common);
        wheel.addAll(List.of(Fault.LINK_BLACK_HOLE, Fault.LINK_REFUSED, Fault.LINK_FORGOTTEN));
        for (int i = 0; !coprime(wheel.size(), kinds); i++) {
            wheel.add(common.get(i));
        }
        return wheel;
    }

    private static boolean coprime(int one, int other) {
        return BigInteger.valueOf(one).gcd(BigInteger.valueOf(other)).equals(BigInteger.ONE);
    }

    private static Fault at(List<Fault> wheel, long place) {
        return wheel.get((int) Math.floorMod(place, (long) wheel.size()));
    }

    /** The fault, and sometimes another beside it. */
    private static List<Fault> withAnother(Fault fault, List<Fault> all, Random random) {
        List<Fault> others = all.stream().filter(fault::mayHaveBeside).toList();
        return others.isEmpty() || random.nextDouble() > BESIDE
                ? List.of(fault)
                : List.of(fault, others.get(random.nextInt(others.size())));
    }
}
