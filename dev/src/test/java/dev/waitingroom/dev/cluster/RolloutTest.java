package dev.waitingroom.dev.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.dev.cluster.Rollout.Member;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final Member OLD = new Member(false, true);
    private static final Member OLD_STARTING = new Member(false, false);
    private static final Member NEW = new Member(true, true);
    private static final Member NEW_STARTING = new Member(true, false);

    @Test
    void startsWhatIsMissing() {
        assertThat(Rollout.next(List.of(NEW), 3)).isEqualTo(new Rollout(2, List.of()));
    }

    @Test
    void endsTheYoungestOfTooManyAndFirstThoseNotReady() {
        assertThat(Rollout.next(List.of(NEW, NEW_STARTING, NEW), 1)).isEqualTo(new Rollout(0, List.of(1, 2)));
    }

    @Test
    void startsANewOneBeforeItEndsAnOldOne() {
        assertThat(Rollout.next(List.of(OLD, OLD), 2)).isEqualTo(new Rollout(1, List.of()));
        assertThat(Rollout.next(List.of(OLD, OLD, NEW_STARTING), 2)).isEqualTo(new Rollout(0, List.of()));
        assertThat(Rollout.next(List.of(OLD, OLD, NEW), 2)).isEqualTo(new Rollout(1, List.of(0)));
    }

    @Test
    void doesNotWaitForOldOnesThatNeverGetReady() {
        assertThat(Rollout.next(List.of(OLD_STARTING, OLD_STARTING), 2)).isEqualTo(new Rollout(2, List.of(0, 1)));
    }

    @Test
    void getsThereWithoutEverHavingFewerReady() {
        for (int replicas = 0; replicas <= 4; replicas++) {
            List<Member> members = new ArrayList<>(List.of(OLD, OLD, OLD));
            int before = Math.min(3, replicas);
            for (int step = 0; step < 12; step++) {
                Rollout next = Rollout.next(members, replicas);
                var after = new ArrayList<Member>();
                for (int i = 0; i < members.size(); i++) {
                    if (!next.ends().contains(i)) {
                        after.add(members.get(i).current() ? NEW : members.get(i));
                    }
                }
                assertThat(after.stream().filter(Member::ready).count()).isGreaterThanOrEqualTo(before);
                for (int i = 0; i < next.starts(); i++) {
                    after.add(NEW_STARTING);
                }
                members = after;
            }
            assertThat(members).hasSize(replicas).allMatch(NEW::equals);
        }
    }
}
