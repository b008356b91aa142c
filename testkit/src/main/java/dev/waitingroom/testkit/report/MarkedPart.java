package dev.waitingroom.testkit.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of a Markdown file, between two comments, that a command writes. */
public final class MarkedPart {
    private final String begin;
    private final String end;

    /** @param name of the part; {@code make NAME} writes it */
    public MarkedPart(String name) {
        begin = "<!-- %s:begin, written by make %s -->".formatted(name, name);
        end = "<!-- %s:end -->".formatted(name);
    }

    /**
     * Replaces the text between the comments.
     *
     * @throws IOException also if the file lacks the comments
     */
    public void put(Path page, String text) throws IOException {
        String all = Files.readString(page);
        int from = all.indexOf(begin);
        int to = all.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no lines \"" + begin + "\" and \"" + end + "\"");
        }
        Files.writeString(page, all.substring(0, from + begin.length()) + "\n" + text + "\n" + all.substring(to));
    }
}
