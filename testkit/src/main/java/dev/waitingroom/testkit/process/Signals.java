package dev.waitingroom.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What a process can be told but by its own API. */
public final class Signals {
    private Signals() {}

    /** SIGSTOP: its connections stay, and it answers nothing. */
    public static void pause(Process process) {
        send("STOP", process);
    }

    /** SIGCONT. */
    public static void resume(Process process) {
        send("CONT", process);
    }

    /** SIGQUIT: a JVM prints what its threads are doing, and goes on. */
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
