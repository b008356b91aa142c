package dev.waitingroom.chaos.soak;

import dev.waitingroom.testkit.report.MarkedPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs {@code make run} for a long time and measures how its processes grow. Progress goes to stderr, the table to stdout. */
@Command(
        name = "soak",
        description =
                "Runs make run with visitors who keep coming, and judges how memory, threads, files and log grow.",
        mixinStandardHelpOptions = true)
public final class SoakMain implements Callable<Integer> {
    private static final String RESULT = "result.md";

    @Option(names = "--minutes", description = "length of the soak; default ${DEFAULT-VALUE}", defaultValue = "60")
    private int minutes;

    @Option(
            names = "--visitors",
            description = "number of visitors at all times; default ${DEFAULT-VALUE}",
            defaultValue = "200")
    private int visitors;

    @Option(names = "--port", description = "port on 127.0.0.1; default ${DEFAULT-VALUE}", defaultValue = "8080")
    private int port;

    @Option(names = "--room", description = "YAML to apply; default ${DEFAULT-VALUE}")
    private Path room = Path.of("examples/concert.yaml");

    @Option(names = "--report", description = "a Markdown file in which the part \"soak\" is replaced")
    private @Nullable Path report;

    @Option(
            names = "--written",
            paramLabel = "DIRECTORY",
            arity = "1..*",
            description = "runs nothing; writes the results in the --output of earlier runs into --report")
    private List<Path> written = List.of();

    @Option(names = "--output", description = "directory for the log and the result; default ${DEFAULT-VALUE}")
    private Path output = Path.of("chaos/target/soak");

    public static void main(String[] arguments) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        System.exit(new CommandLine(new SoakMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!written.isEmpty()) {
            return report(written);
        }
        Soak.Result soak = Soak.run(port, visitors, room, Duration.ofMinutes(minutes), output, System.err::println);
        Files.writeString(output.resolve(RESULT), soak.text());
        report(List.of(output));
        return soak.problems().isEmpty() ? 0 : 1;
    }

    private int report(List<Path> directories) throws IOException {
        var texts = new ArrayList<String>();
        for (Path directory : directories) {
            texts.add(Files.readString(directory.resolve(RESULT)));
        }
        String text = String.join("\n", texts);
        System.out.print(text);
        Optional<Path> page = Optional.ofNullable(report);
        if (page.isPresent()) {
            new MarkedPart("soak").put(page.get(), text);
        }
        return 0;
    }
}
