package dev.waitingroom.queue.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineSnapshotTest {
    private static final long BASE = 1_000_000;

    /** A copy that knows tickets BASE..BASE+9, all waiting. */
    private final LineSnapshot copy = new LineSnapshot(
            1,
            1,
            BASE + 10,
            List.of(),
            BASE,
            Bits.EMPTY.edit().addAll(BASE, BASE + 10).build(),
            List.of());

    @Test
    void countsTheLivingAhead() {
        assertThat(copy.position(BASE)).isEqualTo(1);
        assertThat(copy.departed(new long[] {BASE, BASE + 3}).position(BASE + 9))
                .isEqualTo(8);
    }

    @Test
    void countsThoseWhoJoinedThroughOtherGatewaysSince() {
        LineSnapshot joined = copy.waiting(new long[] {BASE + 15});

        assertThat(joined.position(BASE + 15)).isEqualTo(16);
        assertThat(joined.position(BASE + 10)).isEqualTo(11);
        assertThat(joined.departed(new long[] {BASE + 12, BASE + 12}).position(BASE + 15))
                .isEqualTo(15);
    }

    @Test
    void doesNotKnowWhatItsEpochLostNorWhatCameAfterIt() {
        LineSnapshot later = new LineSnapshot(
                2, 1, BASE + 10, List.of(new TicketRange(BASE + 2, BASE + 4)), BASE, copy.alive(), List.of());

        assertThat(later.unknownAmong(List.of(new TicketRange(0, BASE + 3), new TicketRange(BASE + 8, BASE + 20))))
                .containsExactly(new TicketRange(BASE + 2, BASE + 3), new TicketRange(BASE + 10, BASE + 20));
        assertThat(later.waiting(new long[] {BASE + 12}).unknown()).isEqualTo(later.unknown());
    }

    @Test
    void numbersThatAnEpochLeftOutAreNobody() {
        long later = BASE + 10 + (1L << 20);

        assertThat(copy.waiting(new long[] {later}).position(later)).isEqualTo(11);
    }
}
