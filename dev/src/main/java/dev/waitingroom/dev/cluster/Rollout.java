package dev.waitingroom.dev.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The next step of a Deployment's roll-out. The goal is the desired number of pods, all of the current template. A change never causes fewer
 * ready pods than desired, and at most one pod more.
 *
 * @param starts number of pods to start
 * @param ends indexes of the pods to end
 */
record Rollout(int starts, List<Integer> ends) {
    /** A pod's state: of the current template or an older one. */
    record Member(boolean current, boolean ready) {}

    /** @param members oldest first */
    static Rollout next(List<Member> members, int replicas) {
        var ends = new ArrayList<Integer>();
        List<Integer> current = places(members, true);
        List<Integer> old = places(members, false);

        List<Integer> excess = current.reversed().stream()
                .sorted((a, b) ->
                        Boolean.compare(members.get(a).ready(), members.get(b).ready()))
                .limit(Math.max(0, current.size() - replicas))
                .toList();
        ends.addAll(excess);
        old.stream().filter(i -> !members.get(i).ready()).forEach(ends::add);
        int ready = (int) IntStream.range(0, members.size())
                .filter(i -> members.get(i).ready() && !ends.contains(i))
                .count();
        old.stream()
                .filter(i -> members.get(i).ready())
                .limit(Math.max(0, ready - replicas))
                .forEach(ends::add);

        int missing = Math.max(0, replicas - current.size());
        boolean oneIsComing = current.stream().anyMatch(i -> !members.get(i).ready());
        boolean replacing = old.stream().anyMatch(i -> !ends.contains(i));
        return new Rollout(replacing ? oneIsComing ? 0 : Math.min(1, missing) : missing, ends);
    }

    private static List<Integer> places(List<Member> members, boolean current) {
        return IntStream.range(0, members.size())
                .filter(i -> members.get(i).current() == current)
                .boxed()
                .toList();
    }
}
