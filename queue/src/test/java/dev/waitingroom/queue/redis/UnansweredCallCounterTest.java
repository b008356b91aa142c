package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnansweredCallCounterTest {
    private static final byte[] CONCERT = "wr:{shop/concert}:state".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PLAY = "wr:{shop/play}:state".getBytes(StandardCharsets.UTF_8);

    @Test
    void threeInARowBreakAndCountAnew() {
        var silence = new UnansweredCallCounter(false);

        assertThat(silence.breaks(CONCERT)).isFalse();
        assertThat(silence.breaks(CONCERT)).isFalse();
        assertThat(silence.breaks(CONCERT)).isTrue();
        assertThat(silence.breaks(CONCERT)).isFalse();
    }

    @Test
    void anAnswerBetweenThemBreaksTheRow() {
        var silence = new UnansweredCallCounter(false);
        silence.breaks(CONCERT);
        silence.breaks(CONCERT);
        silence.answered(PLAY);

        assertThat(silence.breaks(CONCERT)).isFalse();
    }

    @Test
    void anAnswerOfAnotherNodeOfAClusterDoesNot() {
        var silence = new UnansweredCallCounter(true);
        silence.breaks(CONCERT);
        silence.answered(PLAY);
        silence.breaks(CONCERT);
        silence.answered(PLAY);

        assertThat(silence.breaks(CONCERT)).isTrue();
    }
}
