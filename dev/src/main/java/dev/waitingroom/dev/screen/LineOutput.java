package dev.waitingroom.dev.screen;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Passes printed text on line by line, so that a log line does not break the picture. */
public final class LineOutput extends OutputStream {
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LineOutput(Consumer<String> lines) {
        this.lines = lines;
    }

    /** A stream for {@link System#setErr} and the like. */
    public static PrintStream stream(Consumer<String> lines) {
        return new PrintStream(new LineOutput(lines), true, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            lines.accept(line.toString(StandardCharsets.UTF_8).stripTrailing());
            line.reset();
        } else {
            line.write(b);
        }
    }
}
