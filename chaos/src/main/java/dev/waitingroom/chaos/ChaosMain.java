package dev.waitingroom.chaos;

import dev.waitingroom.chaos.report.Summary;
import dev.waitingroom.chaos.run.Failure;
import dev.waitingroom.chaos.run.Run;
import dev.waitingroom.chaos.run.RunResult;
import dev.waitingroom.chaos.topology.FakeClock;
import dev.waitingroom.chaos.topology.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Injects faults for a while, and reports broken promises. Progress goes to stderr, the table to stdout. */
@Command(
        name = "chaos",
        description = "Runs sites of real processes, breaks them at random, and judges the answers that visitors got.",
        mixinStandardHelpOptions = true)
public final class ChaosMain implements Callable<Integer> {
    @Option(
            names = "--seconds",
            description = "total time, in runs of --run-seconds; default ${DEFAULT-VALUE}",
            defaultValue = "60")
    private int seconds;

    @Option(
            names = "--run-seconds",
            description = "length of a run, without the last 20 s, which have no fault; default ${DEFAULT-VALUE}",
            defaultValue = "30")
    private int runSeconds;

    @Option(
            names = "--seed",
            description = "seed of the first run; each further run adds 1; default ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--topology",
            description = "kind of Redis: all, single, aof, sentinel, cluster, tls or valkey; default ${DEFAULT-VALUE}",
            defaultValue = "all")
    private String topology = "all";

    @Option(names = "--report", description = "a Markdown file in which the tables are replaced")
    private @Nullable Path report;

    @Option(
            names = "--output",
            description = "directory for the histories of failures; default ${DEFAULT-VALUE}",
            defaultValue = "chaos/target/chaos")
    private Path output = Path.of("chaos/target/chaos");

    public static void main(String[] arguments) {
        // Deliberate faults need no warnings.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        // An interrupted run leaves no process behind.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        System.exit(new CommandLine(new ChaosMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Kind> kinds = kinds();
        Summary summary = new Summary();
        Instant end = Instant.now().plusSeconds(seconds);
        for (long current = seed;
                current == seed || Instant.now().plusSeconds(runSeconds / 2).isBefore(end);
                current++) {
            // With one kind alone the seeds count as with all kinds, so that a seed names the same run.
            Kind kind = kinds.get((int) Math.floorMod(current, (long) kinds.size()));
            String head = "seed %d, %s".formatted(current, kind.toString().toLowerCase(Locale.ROOT));
            RunResult result = new Run(
                            current,
                            kind,
                            Duration.ofSeconds(runSeconds),
                            output,
                            line -> System.err.println(head + ": " + line))
                    .execute();
            summary.add(result);
            System.err.printf(
                    "%s: %d calls, %d admitted, %d judged by stamps, %d waiters for order, longest outage %.1f s, %d broken promises, %d s%n",
                    head,
                    result.calls(),
                    result.admitted(),
                    result.stamped(),
                    result.judgedForOrder(),
                    result.outages().values().stream()
                                    .mapToLong(Duration::toMillis)
                                    .max()
                                    .orElse(0)
                            / 1e3,
                    result.failures().size(),
                    result.took().toSeconds());
            result.failures().stream().limit(3).forEach(failure -> print(result, failure));
        }
        System.out.print(summary.table());
        Optional<Path> page = Optional.ofNullable(report);
        if (page.isPresent()) {
            summary.putInto(page.get());
        }
        return summary.violations() == 0 ? 0 : 1;
    }

    private static void print(RunResult result, Failure failure) {
        System.err.printf(
                "BROKEN seed=%d topology=%s room=%s %s: %s%nschedule: %s%n%s%nall of it: %s%n%n",
                result.seed(),
                result.kind(),
                failure.room(),
                failure.violation().promise(),
                failure.violation().what(),
                result.injections().stream()
                        .map(injection -> injection.fault() + " " + injection.what())
                        .toList(),
                failure.shrunk(),
                failure.file());
    }

    private List<Kind> kinds() {
        if (!FakeClock.available()) {
            System.err.println("left out: jumps of clocks, no libfaketime here (apt install faketime)");
        }
        List<Kind> wanted = topology.equals("all")
                ? List.of(Kind.values())
                : List.of(Kind.valueOf(topology.toUpperCase(Locale.ROOT)));
        wanted.forEach(kind -> kind.missing()
                .ifPresent(why ->
                        System.err.println("left out: " + kind.toString().toLowerCase(Locale.ROOT) + ", " + why)));
        List<Kind> here =
                wanted.stream().filter(kind -> kind.missing().isEmpty()).toList();
        if (here.isEmpty()) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "--topology " + topology + ": this machine cannot run it");
        }
        return here;
    }
}
