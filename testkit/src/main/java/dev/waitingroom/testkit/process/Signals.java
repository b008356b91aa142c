package dev.waitingroom.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to a process. */
public final class Signals {
    private Signals() {}

    /** SIGSTOP: its connections stay, and nothing is answered. */
    public static void pause(Process process) {
        send("STOP", process);
    }

    /** SIGCONT. */
    public static void resume(Process process) {
        send("CONT", process);
    }

    /** SIGQUIT: a JVM prints its threads, and goes on. */
    public static void dumpThreads(Process jvm) {
        send("QUIT", jvm);
    }

    private static void send(String signal, Process process) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
