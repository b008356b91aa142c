package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketOutcomesTest {
    private final TicketOutcomes outcomes = new TicketOutcomes();

    @Test
    void learnsFromTheJournal() {
        outcomes.learn(new Change.Joined(1, 10));
        outcomes.learn(new Change.Granted(new long[] {1, 2}, new long[] {100, 200}));
        outcomes.learn(new Change.Left(new long[] {3}));

        assertThat(outcomes.of(1)).contains(new Outcome.Granted(100));
        assertThat(outcomes.of(2)).contains(new Outcome.Granted(200));
        assertThat(outcomes.of(3)).contains(new Outcome.Left());
        assertThat(outcomes.of(4)).isEmpty();
    }

    @Test
    void admittedStaysAdmitted() {
        outcomes.learn(1, new Outcome.Granted(100));

        outcomes.learn(1, new Outcome.Left());
        outcomes.learn(1, new Outcome.Granted(200));

        assertThat(outcomes.of(1)).contains(new Outcome.Granted(100));
    }

    @Test
    void admittedIsOverOnceItsSessionEnded() {
        outcomes.learn(new Change.Granted(new long[] {1}, new long[] {100}));

        outcomes.learn(new Change.Sessions(0, new long[] {1}));
        outcomes.learn(1, new Outcome.Granted(100));

        assertThat(outcomes.of(1)).contains(new Outcome.Ended());
        assertThat(outcomes.ended(1)).isTrue();
        assertThat(outcomes.grantedSince(0)).isEmpty();
        assertThat(outcomes.departedAmong(List.of(new TicketRange(0, 2)), 0)).containsExactly(1);
    }

    @Test
    void asleepMayBeLearntAnew() {
        outcomes.learn(1, new Outcome.Asleep());

        outcomes.learn(1, new Outcome.Gone());

        assertThat(outcomes.of(1)).contains(new Outcome.Gone());
    }

    @Test
    void asleepIsForgottenWhenItsSegmentChanges() {
        long other = LineLayout.SEGMENT_TICKETS;
        outcomes.learn(1, new Outcome.Asleep());
        outcomes.learn(2, new Outcome.Granted(100));
        outcomes.learn(other, new Outcome.Asleep());

        outcomes.forgetAsleep(0);

        assertThat(outcomes.of(1)).isEmpty();
        assertThat(outcomes.of(2)).contains(new Outcome.Granted(100));
        assertThat(outcomes.of(other)).contains(new Outcome.Asleep());
    }

    @Test
    void whoWaitsAfterAllHasNone() {
        outcomes.learn(1, new Outcome.Asleep());
        outcomes.learn(2, new Outcome.Gone());

        outcomes.forget(1);
        outcomes.learn(new Change.Restored(new long[] {2}));

        assertThat(outcomes.of(1)).isEmpty();
        assertThat(outcomes.of(2)).isEmpty();
    }

    @Test
    void tellsWhoWasAdmittedSince() {
        outcomes.learn(1, new Outcome.Granted(100));
        outcomes.learn(2, new Outcome.Granted(200));
        outcomes.learn(3, new Outcome.Left());

        assertThat(outcomes.grantedSince(200)).isDeepEqualTo(new long[][] {{2, 200}});
    }

    @Test
    void remembersTheLatestAndIsBounded() {
        int more = 10;
        for (int ticket = 0; ticket < TicketOutcomes.CAPACITY + more; ticket++) {
            outcomes.learn(ticket, new Outcome.Granted(ticket));
        }

        assertThat(outcomes.of(more - 1)).isEmpty();
        assertThat(outcomes.of(more)).isPresent();
        assertThat(outcomes.grantedSince(0)).hasDimensions(TicketOutcomes.CAPACITY, 2);
    }

    @Test
    void namesTheDepartedOfWhomACopyCannotSaySo() {
        outcomes.learn(1, new Outcome.Left());
        outcomes.learn(2, new Outcome.Granted(1_000));
        outcomes.learn(3, new Outcome.Granted(2_000));
        outcomes.learn(4, new Outcome.Gone());
        outcomes.learn(10, new Outcome.Left());

        assertThat(outcomes.departedAmong(List.of(new TicketRange(0, 10)), 2_000))
                .containsExactlyInAnyOrder(1, 2);
        assertThat(outcomes.departedAmong(List.of(), 2_000)).isEmpty();
    }
}
