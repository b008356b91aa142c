package dev.waitingroom.chaos.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Figures of a process, from Linux and the JDK's tools. */
final class ProcessFigures {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
    private static final double KIB_A_MIB = 1024;
    private static final long PATIENCE_SECONDS = 60;

    private ProcessFigures() {}

    static double residentMib(long pid) throws IOException {
        return status(pid, RESIDENT) / KIB_A_MIB;
    }

    static double threads(long pid) throws IOException {
        return status(pid, THREADS);
    }

    static double files(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.count();
        }
    }

    /** Runs a full collection, and returns the heap in use: survivors, eden and old generation. */
    static double heapMib(long pid, Path scratch) throws IOException, InterruptedException {
        tool(scratch, "jcmd", Long.toString(pid), "GC.run");
        List<String> lines = tool(scratch, "jstat", "-gc", Long.toString(pid));
        List<String> names = List.of(lines.getFirst().strip().split("\\s+"));
        List<String> values = List.of(lines.getLast().strip().split("\\s+"));
        return Stream.of("S0U", "S1U", "EU", "OU")
                        .mapToDouble(name -> Double.parseDouble(values.get(names.indexOf(name))))
                        .sum()
                / KIB_A_MIB;
    }

    private static double status(long pid, Pattern field) throws IOException {
        String text = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        var found = field.matcher(text);
        if (!found.find()) {
            throw new IOException("process " + pid + " has ended");
        }
        return Double.parseDouble(found.group(1));
    }

    private static List<String> tool(Path scratch, String name, String... arguments)
            throws IOException, InterruptedException {
        Path output = scratch.resolve(name + ".out");
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(Path.of(System.getProperty("java.home"), "bin", name)
                                        .toString()),
                                Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        if (process.waitFor() != 0 || lines.isEmpty()) {
            throw new IOException(name + " " + String.join(" ", arguments) + ": " + String.join("\n", lines));
        }
        return lines;
    }
}
