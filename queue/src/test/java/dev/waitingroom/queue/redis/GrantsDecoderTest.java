package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantsDecoderTest {
    private static final long BASE = 1_795_521_600_000L;
    private static final int LAST = 1_015;

    @Test
    void readsTheNumbersOfPages() {
        assertThat(GrantsDecoder.pages(reply(Bytes.of("7"), Bytes.of("1853057443981"))))
                .containsExactly(7, 1_853_057_443_981L);
        assertThat(GrantsDecoder.pages(reply())).isEmpty();
    }

    @Test
    void readsWhoWasAdmittedAndWhen() {
        var granted = GrantsDecoder.granted(
                reply(
                        page(5, 1).array(),
                        page(0, 0x8000_0001).putInt(stampAt(LAST), 3).array()),
                new long[] {1, 1_853_057_443_981L},
                0);

        assertThat(granted.tickets())
                .containsExactly(1_016 + 5, 1_853_057_443_981L * 1_016, 1_853_057_443_981L * 1_016 + LAST);
        assertThat(granted.grantedMillis()).containsExactly(BASE, BASE + 0x8000_0000L, BASE + 2);
    }

    @Test
    void leavesOutWhoWasAdmittedEarlier() {
        var granted =
                GrantsDecoder.granted(reply(page(5, 100).putInt(stampAt(6), 101).array()), new long[] {0}, BASE + 100);

        assertThat(granted.tickets()).containsExactly(6);
        assertThat(granted.grantedMillis()).containsExactly(BASE + 100);
    }

    @Test
    void aPageThatIsGoneHoldsNobody() {
        var granted = GrantsDecoder.granted(reply(Bytes.EMPTY, page(5, 1).array()), new long[] {0, 1}, 0);

        assertThat(granted.tickets()).containsExactly(1_016 + 5);
    }

    private static ByteBuffer page(int index, int stamp) {
        return ByteBuffer.allocate(4_072).putLong(0, BASE).putInt(stampAt(index), stamp);
    }

    private static int stampAt(int index) {
        return Long.BYTES + Integer.BYTES * index;
    }

    private static List<Object> reply(byte[]... list) {
        return List.of(0L, BASE * 1_000, List.of((Object[]) list));
    }
}
