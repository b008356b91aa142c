package dev.waitingroom.bench.streams;

import dev.waitingroom.testkit.report.MarkedPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a gateway process with many streams of events. The table goes to stdout. */
@Command(
        name = "streams",
        description = "Measures a gateway process with many streams of events.",
        mixinStandardHelpOptions = true)
public final class StreamLoadMain implements Callable<Integer> {
    private static final double MEBIBYTE = 1024 * 1024;

    @Option(names = "--streams", defaultValue = "10000", description = "open streams (default: ${DEFAULT-VALUE})")
    private int streams;

    @Option(
            names = "--departures",
            defaultValue = "1000",
            description = "visitors who leave in a second (default: ${DEFAULT-VALUE})")
    private int departures;

    @Option(names = "--seconds", defaultValue = "600", description = "how long (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--report", description = "a Markdown file in which the table is replaced")
    private @Nullable Path report;

    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        System.exit(new CommandLine(new StreamLoadMain()).execute(arguments));
    }

    /** Returns 1 if a stream ended or an event was lost. */
    @Override
    public Integer call() throws Exception {
        Path log = Files.createTempFile("gateway", ".log");
        System.err.println("the gateway writes to " + log);
        StreamLoad.Figures figures = new StreamLoad(streams, departures, Duration.ofSeconds(seconds)).measure(log);
        String table = table(figures);
        System.out.println(table);
        Optional<Path> page = Optional.ofNullable(report);
        if (page.isPresent()) {
            new MarkedPart("streams").put(page.get(), table);
        }
        return figures.ended() == 0 && figures.lost() == 0 ? 0 : 1;
    }

    private String table(StreamLoad.Figures figures) {
        return """
                %d CPUs, Java %s, %s, one gateway process with 512 MiB.

                | measured | value |
                |---|--:|
                | open streams | %,d |
                | time, s | %,d |
                | departures a second | %,d |
                | events a second | %,.0f |
                | streams that ended | %,d |
                | events that did not arrive | %,d |
                | CPU for an event, µs | %.1f |
                | CPUs in use | %.2f |
                | memory, MiB | %.0f |
                | other answers without streams, median, p99 and slowest, ms | %s |
                | other answers meanwhile, median, p99 and slowest, ms | %s |""".formatted(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        System.getProperty("os.arch"),
                        streams,
                        seconds,
                        departures,
                        figures.eventsPerSecond(),
                        figures.ended(),
                        figures.lost(),
                        figures.cpuMicrosPerEvent(),
                        figures.cpus(),
                        figures.peakMemory() / MEBIBYTE,
                        times(figures.before()),
                        times(figures.during()));
    }

    private static String times(StatusProbe.Times times) {
        return "%.1f, %.1f, %.1f".formatted(times.median(), times.p99(), times.max());
    }
}
