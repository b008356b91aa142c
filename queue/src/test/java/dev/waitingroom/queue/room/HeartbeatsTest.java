package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.line.LineLayout;
import dev.waitingroom.queue.room.Heartbeats.Beat;
import dev.waitingroom.queue.store.RoomScripts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private static final long START = 1_795_521_600_000_000L;
    private static final long LENGTH = 10_000_000;
    private static final long FAR = 100 * LineLayout.SEGMENT_TICKETS + 9L;

    private final Heartbeats beats = new Heartbeats();

    @BeforeEach
    void followTheFirst() {
        beats.follow(7, START, LENGTH);
    }

    /** Tickets by generation, as Redis would set them. */
    private static List<Long> tickets(Beat beat) {
        List<Long> tickets = new ArrayList<>();
        beat.segments().forEach(segment -> {
            for (int i = 0; i < segment.bits().length * 8; i++) {
                if ((segment.bits()[i / 8] & 128 >> i % 8) != 0) {
                    tickets.add(segment.segment() * LineLayout.SEGMENT_TICKETS + i);
                }
            }
        });
        return tickets;
    }

    @Test
    void tellOfATicketOnceAGenerationHoweverOftenItPolls() {
        beats.mark(3, START + 1);
        beats.mark(FAR, START + 1);
        beats.mark(3, START + 2);

        Beat first = beats.take();
        beats.mark(3, START + 3);

        assertThat(first.generation()).isEqualTo(7);
        assertThat(tickets(first)).containsExactlyInAnyOrder(3L, FAR);
        assertThat(beats.take().segments()).isEmpty();
    }

    @Test
    void pollAfterTheGenerationsEndCountsForTheNext() {
        beats.mark(3, START + LENGTH);
        assertThat(beats.take().segments()).isEmpty();

        beats.follow(8, START + LENGTH, LENGTH);

        Beat beat = beats.take();
        assertThat(beat.generation()).isEqualTo(8);
        assertThat(tickets(beat)).containsExactly(3L);
    }

    @Test
    void whatIsLeftOfTheLastGenerationIsToldFirst() {
        beats.mark(3, START + 1);
        beats.follow(8, START + LENGTH, LENGTH);
        beats.mark(5, START + LENGTH + 1);

        Beat late = beats.take();
        Beat current = beats.take();

        assertThat(late.generation()).isEqualTo(7);
        assertThat(tickets(late)).containsExactly(3L);
        assertThat(current.generation()).isEqualTo(8);
        assertThat(tickets(current)).containsExactly(5L);
    }

    @Test
    void beatThatWasNotTakenInIsToldAgain() {
        beats.mark(3, START + 1);
        Beat lost = beats.take();
        beats.mark(4, START + 2);

        beats.giveBack(lost);

        assertThat(tickets(beats.take())).containsExactly(3L, 4L);
    }

    @Test
    void anotherLinesGenerationTakesOverWhatWasNoted() {
        beats.mark(3, START + 1);
        beats.take();
        beats.mark(FAR, START + LENGTH + 1);

        beats.follow(1, START, LENGTH);

        Beat beat = beats.take();
        assertThat(beat.generation()).isEqualTo(1);
        assertThat(tickets(beat)).containsExactlyInAnyOrder(3L, FAR);
    }

    @Test
    void whateverWasNotedAndNotToldIsOfTheGenerationThatIsNowThoughManyWentByUnheard() {
        beats.mark(FAR, START + 1);
        beats.take();
        beats.mark(3, START + 2);
        beats.follow(8, START + LENGTH, LENGTH);
        beats.mark(4, START + LENGTH + 1);
        beats.mark(5, START + 2 * LENGTH);

        beats.follow(20, START + 13 * LENGTH, LENGTH);

        Beat beat = beats.take();
        assertThat(beat.generation()).isEqualTo(20);
        assertThat(tickets(beat)).containsExactly(3L, 4L, 5L);
        assertThat(beats.take().segments()).isEmpty();
    }

    @Test
    void noMarkIsLostWhileAGenerationTakesOverFromOthers() {
        byte[] told = new byte[LineLayout.SEGMENT_BYTES];
        Thread marking = Thread.ofPlatform().start(() -> {
            for (long ticket = 0; ticket < LineLayout.SEGMENT_TICKETS; ticket++) {
                beats.mark(ticket, START);
            }
        });

        for (long generation = 10; marking.isAlive(); generation += 3) {
            beats.follow(generation, START, LENGTH);
            tell(told);
        }
        tell(told);

        assertThat(told).containsOnly((byte) -1);
    }

    private void tell(byte[] told) {
        beats.take().segments().forEach(segment -> {
            for (int i = 0; i < segment.bits().length; i++) {
                told[i] |= segment.bits()[i];
            }
        });
    }

    @Test
    void oneBeatIsASliceAtMost() {
        for (int segment = 0; segment <= RoomScripts.SLICE_SEGMENTS; segment++) {
            beats.mark((long) segment * LineLayout.SEGMENT_TICKETS, START + 1);
        }

        assertThat(beats.take().segments()).hasSize(RoomScripts.SLICE_SEGMENTS);
        assertThat(beats.take().segments()).hasSize(1);
    }
}
