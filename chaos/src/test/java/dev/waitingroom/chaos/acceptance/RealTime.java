package dev.waitingroom.chaos.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Linux's real-time class SCHED_FIFO, set by chrt and taskset of util-linux. Such a thread takes a core at once from any ordinary thread. Threads
 * that it starts are ordinary. It needs root, or a limit ({@code ulimit -r}).
 */
final class RealTime {
    private RealTime() {}

    /**
     * @param thread which threads of the process, by the first 15 characters of their name
     * @param priority 1..99; the higher runs first
     * @return whether this machine allows it
     */
    static boolean give(long pid, Predicate<String> thread, int priority) throws IOException, InterruptedException {
        return each(pid, thread, "chrt", "--fifo", "--reset-on-fork", "--pid", Integer.toString(priority));
    }

    /** Keeps these threads of the process on a core, numbered from 0. Returns whether this machine allows it. */
    static boolean pin(long pid, Predicate<String> thread, int core) throws IOException, InterruptedException {
        return each(pid, thread, "taskset", "--cpu-list", "--pid", Integer.toString(core));
    }

    private static boolean each(long pid, Predicate<String> thread, String... command)
            throws IOException, InterruptedException {
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
                    && !run(task.getFileName().toString(), command)
                    && Files.exists(task)) { // otherwise it has ended
                return false;
            }
        }
        return true;
    }

    /** Empty if the thread has ended. */
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean run(String task, String... command) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(command));
        all.add(task);
        try {
            return new ProcessBuilder(all)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // the command is missing
        }
    }
}
