package dev.waitingroom.bench;

import com.nimbusds.jose.JOSEException;
import dev.waitingroom.bench.proxy.CheckLoad;
import dev.waitingroom.bench.proxy.ProxyLoad;
import dev.waitingroom.testkit.report.MarkedPart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs every benchmark. Progress goes to stderr, the tables to stdout. */
@Command(
        name = "bench",
        description = "Measures the times that comments and documents name.",
        mixinStandardHelpOptions = true)
public final class BenchMain implements Callable<Integer> {
    private static final TimeValue ITERATION = TimeValue.seconds(1);
    private static final TimeValue SHORT_ITERATION = TimeValue.milliseconds(20);

    private static final Duration LOAD = Duration.ofSeconds(10);
    private static final Duration SHORT_LOAD = Duration.ofMillis(300);

    @Option(names = "--short", description = "run everything, but measure nothing reliably")
    private boolean brief;

    @Option(names = "--report", description = "a Markdown file in which the tables are replaced")
    private @Nullable Path report;

    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException, JOSEException {
        System.err.println("Java methods");
        String methods = methods();
        System.err.println("Lua scripts");
        String scripts = scripts(ScriptCosts.measure(brief ? 2 : 100));
        System.err.println("Proxied requests");
        String proxied = new ProxyLoad(brief ? SHORT_LOAD : LOAD).measure().table();
        System.err.println("Route checks");
        String checks = new CheckLoad(brief ? SHORT_LOAD : LOAD).measure().table();
        String tables = String.join("\n\n", environment(), methods + "\n" + scripts, proxied, checks);
        System.out.println(tables);
        Optional<Path> page = Optional.ofNullable(report);
        if (page.isPresent()) {
            new MarkedPart("bench").put(page.get(), tables);
        }
        return 0;
    }

    private static String environment() {
        return "%d CPUs, Java %s, %s."
                .formatted(
                        Runtime.getRuntime().availableProcessors(), Runtime.version(), System.getProperty("os.arch"));
    }

    private String methods() throws RunnerException {
        var options = new OptionsBuilder()
                .include(BenchMain.class.getPackageName() + ".*Benchmark")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(brief ? 1 : 3)
                .warmupTime(brief ? SHORT_ITERATION : ITERATION)
                .measurementIterations(brief ? 2 : 5)
                .measurementTime(brief ? SHORT_ITERATION : ITERATION)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .jvmArgsAppend(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
                .build();
        return Stream.concat(
                        Stream.of("| benchmark | parameters | µs a call | ± (99.9%) |", "|---|---|--:|--:|"),
                        new Runner(options).run().stream().map(BenchMain::row))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String row(RunResult result) {
        BenchmarkParams parameters = result.getParams();
        String name = parameters.getBenchmark();
        return "| `%s` | %s | %.3f | %.3f |"
                .formatted(
                        name.substring(BenchMain.class.getPackageName().length() + 1),
                        parameters.getParamsKeys().stream()
                                .map(key -> key + " = " + parameters.getParam(key))
                                .collect(Collectors.joining(", ")),
                        result.getPrimaryResult().getScore(),
                        result.getPrimaryResult().getScoreError());
    }

    private static String scripts(List<ScriptCost> costs) {
        double parts = costs.getFirst().micros();
        return Stream.concat(
                        Stream.of("| script | work of a call | µs a call | of that µs for each |", "|---|---|--:|--:|"),
                        costs.stream()
                                .map(cost -> "| `%s` | %s | %.1f | %s |"
                                        .formatted(cost.script(), cost.work(), cost.micros(), each(cost, parts))))
                .collect(Collectors.joining("\n"));
    }

    private static String each(ScriptCost cost, double parts) {
        return cost.units() == 0 ? "" : "%.2f".formatted((cost.micros() - parts) / cost.units());
    }
}
