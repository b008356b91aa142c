package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.line.TicketRange;
import dev.waitingroom.queue.room.TicketOutcomes.Fate;
import dev.waitingroom.queue.store.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketOutcomesTest {
    private final TicketOutcomes fates = new TicketOutcomes();

    @Test
    void learnsFromTheJournal() {
        fates.learn(new Change.Joined(1, 10));
        fates.learn(new Change.Granted(new long[] {1, 2}, new long[] {100, 200}));
        fates.learn(new Change.Left(new long[] {3}));

        assertThat(fates.of(1)).contains(new Fate.Granted(100));
        assertThat(fates.of(2)).contains(new Fate.Granted(200));
        assertThat(fates.of(3)).contains(new Fate.Left());
        assertThat(fates.of(4)).isEmpty();
    }

    @Test
    void admittedStaysAdmitted() {
        fates.learn(1, new Fate.Granted(100));

        fates.learn(1, new Fate.Left());
        fates.learn(1, new Fate.Granted(200));

        assertThat(fates.of(1)).contains(new Fate.Granted(100));
    }

    @Test
    void asleepMayBeLearntAnew() {
        fates.learn(1, new Fate.Asleep());

        fates.learn(1, new Fate.Gone());

        assertThat(fates.of(1)).contains(new Fate.Gone());
    }

    @Test
    void asleepIsForgottenWhenItsSegmentChanges() {
        long other = LineLayout.SEGMENT_TICKETS;
        fates.learn(1, new Fate.Asleep());
        fates.learn(2, new Fate.Granted(100));
        fates.learn(other, new Fate.Asleep());

        fates.forgetAsleep(0);

        assertThat(fates.of(1)).isEmpty();
        assertThat(fates.of(2)).contains(new Fate.Granted(100));
        assertThat(fates.of(other)).contains(new Fate.Asleep());
    }

    @Test
    void whoWaitsAfterAllHasNone() {
        fates.learn(1, new Fate.Asleep());
        fates.learn(2, new Fate.Gone());

        fates.forget(1);
        fates.learn(new Change.Restored(new long[] {2}));

        assertThat(fates.of(1)).isEmpty();
        assertThat(fates.of(2)).isEmpty();
    }

    @Test
    void tellsWhoWasAdmittedSince() {
        fates.learn(1, new Fate.Granted(100));
        fates.learn(2, new Fate.Granted(200));
        fates.learn(3, new Fate.Left());

        assertThat(fates.grantedSince(200)).isDeepEqualTo(new long[][] {{2, 200}});
    }

    @Test
    void remembersTheLatestAndIsBounded() {
        int more = 10;
        for (int ticket = 0; ticket < TicketOutcomes.CAPACITY + more; ticket++) {
            fates.learn(ticket, new Fate.Granted(ticket));
        }

        assertThat(fates.of(more - 1)).isEmpty();
        assertThat(fates.of(more)).isPresent();
        assertThat(fates.grantedSince(0)).hasDimensions(TicketOutcomes.CAPACITY, 2);
    }

    @Test
    void namesTheDepartedOfWhomACopyCannotSaySo() {
        fates.learn(1, new Fate.Left());
        fates.learn(2, new Fate.Granted(1_000));
        fates.learn(3, new Fate.Granted(2_000));
        fates.learn(4, new Fate.Gone());
        fates.learn(10, new Fate.Left());

        assertThat(fates.departedAmong(List.of(new TicketRange(0, 10)), 2_000)).containsExactlyInAnyOrder(1, 2);
        assertThat(fates.departedAmong(List.of(), 2_000)).isEmpty();
    }
}
