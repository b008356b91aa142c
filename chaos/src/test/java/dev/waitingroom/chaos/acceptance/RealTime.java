package dev.waitingroom.chaos.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Linux's real-time class, SCHED_FIFO, by util-linux' chrt: such a thread takes a core at once from any ordinary one. What it starts is
 * ordinary again. Root may do it, and who has a limit for it ({@code ulimit -r}).
 */
final class RealTime {
    private RealTime() {}

    /**
     * @param thread which threads of the process, by the first 15 characters of their name
     * @param priority 1..99; the higher goes first
     * @return whether it may be done here
     */
    static boolean give(long pid, Predicate<String> thread, int priority) throws IOException, InterruptedException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.isDirectory(tasks)) {
            return false;
        }
        List<Path> all;
        try (Stream<Path> listed = Files.list(tasks)) {
            all = listed.toList();
        }
        for (Path task : all) {
            if (thread.test(name(task))
                    && !give(task.getFileName().toString(), priority)
                    && Files.exists(task)) { // else it ended meanwhile
                return false;
            }
        }
        return true;
    }

    /** Empty of a thread that ended meanwhile. */
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean give(String task, int priority) throws InterruptedException {
        try {
            return new ProcessBuilder("chrt", "--fifo", "--reset-on-fork", "--pid", Integer.toString(priority), task)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no chrt
        }
    }
}
