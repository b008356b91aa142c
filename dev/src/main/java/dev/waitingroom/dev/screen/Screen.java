package dev.waitingroom.dev.screen;

import java.io.PrintStream;
import java.util.List;

/**
 * The output. On a terminal, the picture stays at the bottom and is redrawn in place, with lines above it. Elsewhere, the picture is printed when
 * it changes. Thread-safe.
 */
public final class Screen {
    private static final String CLEAR_BELOW = "\r\u001b[J";

    private final PrintStream out;
    private final boolean terminal;
    private List<String> picture = List.of();
    private boolean ended;

    /** @param terminal whether the output understands ANSI's cursor movements */
    public Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Prints a line above the picture, if there is one. */
    public synchronized void line(String text) {
        if (ended) {
            return;
        }
        erase();
        out.println(text);
        draw();
        out.flush();
    }

    /** Shows this picture from now on. */
    public synchronized void show(List<String> lines) {
        if (ended || lines.equals(picture)) {
            return;
        }
        erase();
        picture = List.copyOf(lines);
        if (terminal) {
            draw();
        } else {
            picture.forEach(out::println);
        }
        out.flush();
    }

    /** Prints a last line. Later messages are dropped, since errors during the shutdown help nobody. */
    public synchronized void end(String text) {
        line(text);
        ended = true;
    }

    /** Whether pictures are redrawn in place. */
    public boolean isTerminal() {
        return terminal;
    }

    private void erase() {
        if (terminal && !picture.isEmpty()) {
            out.printf("\u001b[%dA", picture.size());
            out.print(CLEAR_BELOW);
        }
    }

    private void draw() {
        if (terminal) {
            picture.forEach(out::println);
        }
    }
}
