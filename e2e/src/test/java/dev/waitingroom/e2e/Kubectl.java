package dev.waitingroom.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs kubectl, as a person at a terminal does. */
record Kubectl(String command, Path kubeconfig) {
    /** How a call ended. */
    record Outcome(int exitCode, String out, String err) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Runs kubectl and expects it to succeed.
     *
     * @return its output
     */
    String run(String... arguments) {
        Outcome outcome = attempt("", arguments);
        if (!outcome.succeeded()) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + ": " + outcome.err());
        }
        return outcome.out();
    }

    /** Applies YAML and expects success. */
    void apply(String namespace, String yaml) {
        Outcome outcome = attempt(yaml, "apply", "-n", namespace, "-f", "-");
        if (!outcome.succeeded()) {
            throw new AssertionError("kubectl apply: " + outcome.err() + "\n" + yaml);
        }
    }

    /** Runs kubectl with a standard input, and accepts any exit code. */
    Outcome attempt(String input, String... arguments) {
        Process process = start(arguments);
        var err = new FutureTask<>(() -> text(process.getErrorStream()));
        // A thread of its own: reading a pipe would block a carrier of virtual threads, or one of the few of the common
        // pool.
        Thread.ofPlatform().daemon().name("kubectl stderr").start(err);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading its input; its exit code says more.
        }
        String out = text(process.getInputStream());
        try {
            return new Outcome(process.waitFor(), out, err.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts kubectl; the caller ends it. */
    Process start(String... arguments) {
        var words = new ArrayList<>(List.of(command, "--kubeconfig", kubeconfig.toString()));
        words.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(InputStream from) {
        try (from) {
            return new String(from.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
