package dev.waitingroom.dev.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Screen screen(boolean terminal) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void drawsThePictureAnewBelowEachLine() {
        Screen screen = screen(true);
        screen.show(List.of("one", "two"));
        screen.line("log");

        assertThat(printed()).isEqualTo("one\ntwo\n\u001b[2A\r\u001b[Jlog\none\ntwo\n");
    }

    @Test
    void printsOnlyWhatChangedWhereThereIsNoTerminal() {
        Screen screen = screen(false);
        screen.show(List.of("one"));
        screen.line("log");
        screen.show(List.of("one"));
        screen.show(List.of("two"));

        assertThat(printed()).isEqualTo("one\nlog\ntwo\n");
    }

    @Test
    void saysNothingAfterItsEnd() {
        Screen screen = screen(false);
        screen.end("ending");
        screen.line("complaint");
        screen.show(List.of("picture"));

        assertThat(printed()).isEqualTo("ending\n");
    }

    @Test
    void takesALogLineByLine() {
        Screen screen = screen(false);
        PrintStream err = LineOutput.stream(screen::line);
        err.print("first\nsec");
        err.println("ond");

        assertThat(printed()).isEqualTo("first\nsecond\n");
    }
}
