package dev.waitingroom.gateway.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of docs/protect: what it tells the reader to write is what the tests run. */
record DocPage(String name, String text) {
    static DocPage read(String name) {
        try {
            return new DocPage(name, Files.readString(Path.of("..", "docs", "protect", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The blocks of code in a language, in their order. */
    List<String> blocks(String language) {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text);
        List<String> found = new ArrayList<>();
        while (block.find()) {
            found.add(block.group(1));
        }
        return found;
    }

    /** The only block in a language. */
    String block(String language) {
        List<String> blocks = blocks(language);
        if (blocks.size() != 1) {
            throw new AssertionError(name + " has " + blocks.size() + " blocks of " + language + ", not one");
        }
        return blocks.getFirst();
    }
}
