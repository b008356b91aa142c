package dev.waitingroom.chaos.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One visitor, many joins. */
class OnePlaceAcceptanceIT {
    @RegisterExtension
    final SiteExtension site = new SiteExtension();

    @Test
    void oneVisitorHasOnePlaceHoweverOftenTheyJoin() throws Exception {
        Policy policy = site.open(Rooms.policy("once", Mode.QUEUE, 10, 10, Rooms.LONG));
        Set<String> byName = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            byName.add(Seen.token(
                    site.call(i % 2, new Operation.Join(policy.eventId(), Optional.of("ada"), Optional.empty()))));
        }
        List<CompletableFuture<Answer>> sideBySide = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            sideBySide.add(
                    site.send(i % 2, new Operation.Join(policy.eventId(), Optional.empty(), Optional.of("try-1"))));
        }
        Set<String> byKey = new HashSet<>();
        sideBySide.forEach(answer -> byKey.add(Seen.token(answer.join())));

        assertThat(byName).hasSize(1);
        assertThat(byKey).hasSize(1).doesNotContainAnyElementsOf(byName);
        assertThat(site.figures(policy).waiting()).isEqualTo(2);
        Table.line("50 joins of one user_id; 120 side by side with one Idempotency-Key", "one token each, 2 waiting");
    }
}
