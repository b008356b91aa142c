package dev.waitingroom.chaos.soak;

import dev.waitingroom.chaos.report.MarkedPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs {@code make run} for long and says how its processes grow. Talks on stderr, the table goes to stdout. */
@Command(
        name = "soak",
        description = "Runs make run with visitors who keep coming, and judges how memory, threads, files and log grow.",
        mixinStandardHelpOptions = true)
public final class SoakMain implements Callable<Integer> {
    @Option(names = "--minutes", description = "how long; default ${DEFAULT-VALUE}", defaultValue = "60")
    private int minutes;

    @Option(
            names = "--visitors",
            description = "how many are there at all times; default ${DEFAULT-VALUE}",
            defaultValue = "200")
    private int visitors;

    @Option(names = "--port", description = "of 127.0.0.1; default ${DEFAULT-VALUE}", defaultValue = "8080")
    private int port;

    @Option(names = "--room", description = "YAML to apply; default ${DEFAULT-VALUE}")
    private Path room = Path.of("examples/concert.yaml");

    @Option(names = "--report", description = "a Markdown file whose part \"soak\" is to be brought up to date")
    private @Nullable Path report;

    @Option(names = "--write", description = "runs nothing, but puts what a run left in its --output into --report")
    private boolean write;

    @Option(names = "--output", description = "where the log and the result go; default ${DEFAULT-VALUE}")
    private Path output = Path.of("chaos/target/soak");

    public static void main(String[] arguments) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        System.exit(new CommandLine(new SoakMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path result = output.resolve("result.md");
        boolean well = true;
        if (!write) {
            Soak.Result soak = Soak.run(port, visitors, room, Duration.ofMinutes(minutes), output, System.err::println);
            Files.writeString(result, soak.text());
            well = soak.problems().isEmpty();
        }
        String text = Files.readString(result);
        System.out.print(text);
        Optional<Path> page = Optional.ofNullable(report);
        if (page.isPresent()) {
            new MarkedPart("soak").put(page.get(), text);
        }
        return well ? 0 : 1;
    }
}
