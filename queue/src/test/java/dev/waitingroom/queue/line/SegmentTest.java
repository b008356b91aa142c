package dev.waitingroom.queue.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SegmentTest {
    @Test
    void firstTicketIsTheHighestBitOfTheFirstByte() {
        Segment segment = Segment.of(new byte[] {(byte) 0b1000_0001, 0b0100_0000});

        assertThat(segment.get(0)).isTrue();
        assertThat(segment.get(7)).isTrue();
        assertThat(segment.get(9)).isTrue();
        assertThat(segment.count()).isEqualTo(3);
        assertThat(segment.rank(9)).isEqualTo(2);
        assertThat(segment.rank(10)).isEqualTo(3);
    }

    @Test
    void bytesComeBackWhole() {
        byte[] bytes = new byte[Segment.BYTES];
        bytes[0] = 1;
        bytes[Segment.BYTES - 1] = 1;

        assertThat(Segment.of(bytes).toBytes()).isEqualTo(bytes);
        assertThat(Segment.of(bytes).get(Segment.TICKETS - 1)).isTrue();
        assertThat(Segment.of(bytes).rank(Segment.TICKETS)).isEqualTo(2);
        assertThat(Segment.of(new byte[] {1}).toBytes()).hasSize(Segment.BYTES);
    }

    @Test
    void refusesMoreThanASegment() {
        assertThatThrownBy(() -> Segment.of(new byte[Segment.BYTES + 1]))
                .hasMessage("a segment has at most 8128 bytes, not 8129");
    }
}
