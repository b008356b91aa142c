package dev.waitingroom.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void nobodyElseIsGivenOneBeforeItIsOpened() throws IOException {
        int[] given = IntStream.range(0, 1_000).map(_ -> FreePorts.next()).toArray();

        assertThat(given).doesNotHaveDuplicates();
        for (int i = 0; i < 1_000; i++) {
            try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                assertThat(given).doesNotContain(any.getLocalPort());
            }
        }
    }

    @Test
    void oneIsGivenAgainOnlyWhereNobodyListensOnItNorOnItsBus() throws IOException {
        int free = FreePorts.next();
        int taken = FreePorts.next();
        int busTaken = FreePorts.next();
        try (var _ = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
                var _ = new ServerSocket(busTaken + FreePorts.BUS, 1, InetAddress.getLoopbackAddress())) {
            int[] allOthers =
                    IntStream.range(0, FreePorts.BUS).map(_ -> FreePorts.next()).toArray();

            assertThat(allOthers).contains(free).doesNotContain(taken, busTaken);
        }
    }
}
