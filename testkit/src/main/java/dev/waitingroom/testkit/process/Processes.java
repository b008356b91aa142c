package dev.waitingroom.testkit.process;

import java.time.Duration;
import java.util.List;

/** How processes end. */
public final class Processes {
    private Processes() {}

    /** Sends SIGTERM. A process that still runs after this time is killed, with those that it started. */
    public static void end(Process process, Duration patience) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (process.waitFor(patience)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
