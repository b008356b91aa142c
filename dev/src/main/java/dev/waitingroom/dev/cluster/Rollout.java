package dev.waitingroom.dev.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The next step towards the pods that a Deployment wants: as many as it says, all of its present template; never fewer ready than it says
 * because of a change, and at most one more.
 *
 * @param starts how many are to be started
 * @param ends which are to end, by their place in the list
 */
record Rollout(int starts, List<Integer> ends) {
    /** A pod as it is: of the present template or an older one. */
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
