package dev.waitingroom.testkit.browser;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A process of Chromium without a window, with a profile of its own. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Chromium(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** The program: what the variable CHROMIUM names, else the first on the PATH. */
    private static Optional<Path> program() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of),
                        Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                                        .orElse("")
                                        .split(File.pathSeparator))
                                .flatMap(dir -> NAMES.stream().map(name -> Path.of(dir, name))))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it, or skips the test where there is none. */
    public static Chromium startOrSkip() {
        Optional<Path> program = program();
        Assumptions.assumeTrue(
                program.isPresent(),
                "Chromium is not on the PATH, so the page is not tested in a browser; install it, or set CHROMIUM");
        return start(program.get());
    }

    private static Chromium start(Path program) {
        try {
            Path profile = Files.createTempDirectory("chromium");
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--headless=new",
                            "--no-sandbox", // tests may run as root in a container
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--no-first-run",
                            "--hide-scrollbars",
                            "--lang=en-US",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("log").toFile())
                    .start();
            Path port = profile.resolve("DevToolsActivePort");
            Awaitility.await()
                    .atMost(START)
                    .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
            List<String> lines = Files.readAllLines(port);
            return new Chromium(
                    process, profile, DevTools.connect("ws://127.0.0.1:" + lines.getFirst() + lines.getLast()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new profile without cookies, with one tab. */
    public Tab visitor() {
        return Tab.open(tools, DevTools.text(tools.call("Target.createBrowserContext"), "browserContextId"));
    }

    @Override
    public void close() {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try (Stream<Path> files = process.waitFor(10, TimeUnit.SECONDS) ? Files.walk(profile) : Stream.empty()) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            // A directory for temporary files is left over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
