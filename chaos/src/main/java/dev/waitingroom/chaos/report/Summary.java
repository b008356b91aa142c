package dev.waitingroom.chaos.report;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.run.RunResult;
import dev.waitingroom.chaos.topology.Kind;
import dev.waitingroom.testkit.report.MarkedPart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** The runs so far, by fault and by kind of Redis. */
public final class Summary {
    private static final MarkedPart PART = new MarkedPart("chaos");

    private final List<RunResult> runs = new ArrayList<>();

    public void add(RunResult result) {
        runs.add(result);
    }

    public int violations() {
        return runs.stream().mapToInt(run -> run.failures().size()).sum();
    }

    /** Both tables, in Markdown. */
    public String table() {
        StringBuilder table = new StringBuilder()
                .append(
                        "| fault | times injected | histories checked | violations | longest outage seen by a client |\n")
                .append("|---|--:|--:|--:|--:|\n");
        for (Fault fault : Fault.values()) {
            List<RunResult> with = runs.stream()
                    .filter(run -> run.injections().stream().anyMatch(injection -> injection.fault() == fault))
                    .toList();
            long times = runs.stream()
                    .flatMap(run -> run.injections().stream())
                    .filter(injection -> injection.fault() == fault)
                    .count();
            long outage = runs.stream()
                    .mapToLong(run ->
                            run.outages().getOrDefault(fault, Duration.ZERO).toMillis())
                    .max()
                    .orElse(0);
            row(table, fault.words(), times, with, "%.1f s".formatted(outage / 1e3));
        }
        table.append(
                        "\n| Redis | runs | histories checked | violations | calls | admitted | judged by Redis' stamps | waiters judged for order |\n")
                .append("|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Kind kind : Kind.values()) {
            List<RunResult> with =
                    runs.stream().filter(run -> run.kind() == kind).toList();
            row(
                    table,
                    kind.words(),
                    with.size(),
                    with,
                    "%,d | %,d | %,d | %,d"
                            .formatted(
                                    sum(with, RunResult::calls),
                                    sum(with, RunResult::admitted),
                                    sum(with, RunResult::stamped),
                                    sum(with, RunResult::judgedForOrder)));
        }
        return table.toString();
    }

    private static int sum(List<RunResult> runs, ToIntFunction<RunResult> figure) {
        return runs.stream().mapToInt(figure).sum();
    }

    private static void row(StringBuilder table, String name, long times, List<RunResult> with, String last) {
        table.append("| %s | %d | %d | %d | %s |%n"
                .formatted(
                        name,
                        times,
                        with.stream().mapToInt(RunResult::histories).sum(),
                        with.stream().mapToInt(run -> run.failures().size()).sum(),
                        times == 0 ? "" : last));
    }

    /** Writes the tables between the two markers of the page. */
    public void putInto(Path page) throws IOException {
        long seconds = runs.stream().mapToLong(run -> run.took().toSeconds()).sum();
        String said = "Seeds %d..%d, %d s.%n%n"
                .formatted(runs.getFirst().seed(), runs.getLast().seed(), seconds);
        PART.put(page, said + table());
    }
}
