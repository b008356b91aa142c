package dev.waitingroom.dev;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.process.Processes;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code make run} in its own process. */
final class RunProcess implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("pid=(\\d+) pod started");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path output;
    private final int port;

    private RunProcess(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Starts it with these arguments and a free port. */
    static RunProcess start(Path directory, String... arguments) throws IOException {
        int port = FreePorts.next();
        Path output = Files.createTempFile(directory, "run", ".log");
        var all = new ArrayList<>(List.of("--port", Integer.toString(port)));
        all.addAll(List.of(arguments));
        var command = JavaCommand.of(DevMain.class.getName(), all.toArray(String[]::new))
                .withOptions("-XX:TieredStopAtLevel=1");
        Process process = new ProcessBuilder(command.line())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new RunProcess(process, output, port);
    }

    URI api() {
        return URI.create("http://127.0.0.1:" + port);
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitPrinted(String text) {
        await("it prints " + text).atMost(PATIENCE).until(() -> printed().contains(text) || !process.isAlive());
        if (!printed().contains(text)) {
            throw new AssertionError("it ended without printing " + text + ":\n" + printed());
        }
    }

    /** The processes that it started and that still run. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** The running gateway processes, as it printed them. */
    List<ProcessHandle> gateways() {
        return STARTED.matcher(printed())
                .results()
                .map(found -> ProcessHandle.of(Long.parseLong(found.group(1))))
                .flatMap(Optional::stream)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    /** Its exit code, once it has ended. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it runs on:\n" + printed());
        }
        return process.exitValue();
    }

    /** Ends it as Ctrl-C does, except for the signal's number. */
    void interrupt() {
        process.destroy();
    }

    @Override
    public void close() {
        Processes.end(process, Duration.ofSeconds(20));
    }
}
