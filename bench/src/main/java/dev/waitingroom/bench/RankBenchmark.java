package dev.waitingroom.bench;

import dev.waitingroom.queue.line.Bits;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The position of a random ticket, in a short line and in a long one. */
@State(Scope.Thread)
public class RankBenchmark {
    /** How many tickets wait. */
    @Param({"60000", "10000000"})
    public int waiting;

    private final SplittableRandom random = new SplittableRandom(1);
    private Bits line = Bits.EMPTY;

    /** Builds the line. */
    @Setup
    public void build() {
        line = Bits.EMPTY.edit().addAll(1, waiting + 1L).build();
    }

    @Benchmark
    public long rank() {
        return line.rank(1 + random.nextInt(waiting));
    }
}
