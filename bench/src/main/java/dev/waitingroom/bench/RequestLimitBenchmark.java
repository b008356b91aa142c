package dev.waitingroom.bench;

import dev.waitingroom.gateway.client.IpAddress;
import dev.waitingroom.gateway.client.RequestLimit;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One request of a random client, with fewer clients than {@link RequestLimit} remembers and with ten times as many. */
@State(Scope.Thread)
public class RequestLimitBenchmark {
    private static final int UNITS_PER_SECOND = 1_000_000;
    private static final long DOCUMENTATION_PREFIX = 0x2001_0db8_0000_0000L;

    /** How many clients come. */
    @Param({"10000", "1000000"})
    public int clients;

    private final SplittableRandom random = new SplittableRandom(1);
    private final RequestLimit limit = new RequestLimit(UNITS_PER_SECOND, System::nanoTime);

    /** Lets every client come once. */
    @Setup
    public void fill() {
        for (int client = 0; client < clients; client++) {
            limit.take(address(client), 1);
        }
    }

    @Benchmark
    public long take() {
        return limit.take(address(random.nextInt(clients)), 1);
    }

    /** An IPv6 client is a network of 64 bits. */
    private static IpAddress address(int client) {
        return new IpAddress(DOCUMENTATION_PREFIX + client, 1);
    }
}
