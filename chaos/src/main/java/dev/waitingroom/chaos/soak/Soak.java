package dev.waitingroom.chaos.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One soak: starts the product, measures its processes for the given time, calls it regularly, and judges. */
public final class Soak {
    /**
     * The result.
     *
     * @param minutes how long it was measured, with the warm-up
     * @param processors the number of processors of the machine
     * @param asked the number of calls on new connections
     * @param problems what is wrong; empty if nothing is
     * @param table the growth, in Markdown
     */
    public record Result(
            int visitors,
            double minutes,
            double warmUpMinutes,
            int processors,
            long admitted,
            int asked,
            List<String> problems,
            String table) {
        /** A paragraph and the table, in Markdown. */
        public String text() {
            return """
                    %d visitors at all times, %.0f minutes, the first %.0f of them warm-up, on %d processors. %,d visitors were admitted, and the port
                    was asked on %d new connections. %s

                    %s""".formatted(
                            visitors,
                            minutes,
                            warmUpMinutes,
                            processors,
                            admitted,
                            asked,
                            problems.isEmpty() ? "Nothing was wrong." : "Wrong: " + String.join("; ", problems) + ".",
                            table);
        }
    }

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration MAX_STEP = Duration.ofSeconds(10);
    private static final int WARM_UP_SHARE = 6;
    private static final int HEAPS = 12;

    /** Each measurement starts two tools of the JDK for each JVM. */
    private static final Duration SHORTEST_BETWEEN_HEAPS = Duration.ofSeconds(30);

    private static final int STEPS = 36;

    /** Visitors are admitted several times a second. After this many steps without an admission, the product does not serve any more. */
    private static final int STEPS_WITHOUT_ADMISSION = 6;

    private final Product product;
    private final Path directory;
    private final int visitors;
    private final Duration length;
    private final Duration warmUp;
    private final Consumer<String> progress;
    private final Measurements measurements;
    private final List<String> problems = new ArrayList<>();
    private Map<String, Long> processes = Map.of();
    private int asked;
    private Duration nextHeap;
    private long admitted;
    private int without;

    private Soak(Product product, Path directory, int visitors, Duration length, Consumer<String> progress) {
        this.product = product;
        this.directory = directory;
        this.visitors = visitors;
        this.length = length;
        this.progress = progress;
        warmUp = length.dividedBy(WARM_UP_SHARE);
        nextHeap = warmUp;
        measurements = new Measurements(warmUp);
    }

    /**
     * Runs it.
     *
     * @param directory the directory for the log
     * @param progress receives findings on the way
     */
    public static Result run(
            int port, int visitors, Path room, Duration length, Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        try (Product product = Product.start(port, visitors, room, directory.resolve("make-run.log"))) {
            return new Soak(product, directory, visitors, length, progress).measure();
        }
    }

    private Result measure() throws IOException, InterruptedException {
        awaitAdmission();
        processes = product.processes();
        progress.accept("it admits: " + processes);
        long begun = System.nanoTime();
        Duration step = min(MAX_STEP, length.dividedBy(STEPS));
        Duration at = Duration.ZERO;
        while (at.compareTo(length) < 0
                && product.isAlive()
                && product.processes().equals(processes)) {
            Thread.sleep(step);
            at = Duration.ofNanos(System.nanoTime() - begun);
            sample(at);
            ask(at);
        }
        if (!product.isAlive() || !product.processes().equals(processes)) {
            problem("after %d s a process had ended or was replaced".formatted(at.toSeconds()));
        }
        problems.addAll(measurements.tooMuch());
        return new Result(
                visitors,
                at.toMillis() / 60e3,
                warmUp.toMillis() / 60e3,
                Runtime.getRuntime().availableProcessors(),
                admitted,
                asked,
                List.copyOf(problems),
                measurements.table());
    }

    private void awaitAdmission() throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        while (product.admitted().orElse(0) == 0) {
            if (!product.isAlive() || System.nanoTime() - until > 0) {
                throw new IOException("make run admits nobody, see " + directory.resolve("make-run.log"));
            }
            Thread.sleep(Duration.ofMillis(200));
        }
    }

    private void sample(Duration at) throws IOException, InterruptedException {
        boolean collect = at.compareTo(nextHeap) >= 0;
        if (collect) {
            nextHeap = at.plus(max(SHORTEST_BETWEEN_HEAPS, length.minus(warmUp).dividedBy(HEAPS)));
        }
        for (var process : processes.entrySet()) {
            String name = process.getKey();
            long pid = process.getValue();
            try {
                if (collect && !name.equals(Product.REDIS)) {
                    measurements.add(name, Measure.HEAP, at, ProcessFigures.heapMib(pid, directory));
                }
                measurements.add(name, Measure.RESIDENT, at, ProcessFigures.residentMib(pid));
                measurements.add(name, Measure.THREADS, at, ProcessFigures.threads(pid));
                measurements.add(name, Measure.FILES, at, ProcessFigures.files(pid));
            } catch (IOException e) {
                progress.accept(name + " could not be measured: " + e.getMessage());
            }
        }
        measurements.add(Product.ITSELF, Measure.LOG, at, product.logBytes() / (1024.0 * 1024));
    }

    private void ask(Duration at) throws IOException, InterruptedException {
        asked++;
        if (!product.serves()) {
            problem("after %d s the port did not answer".formatted(at.toSeconds()));
        }
        OptionalLong now = product.admitted();
        without = now.isPresent() && now.getAsLong() > admitted ? 0 : without + 1;
        admitted = Math.max(admitted, now.orElse(0));
        if (without == STEPS_WITHOUT_ADMISSION) {
            problem("after %d s visitors were no longer admitted".formatted(at.toSeconds()));
        }
    }

    private void problem(String what) {
        progress.accept(what);
        problems.add(what);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
