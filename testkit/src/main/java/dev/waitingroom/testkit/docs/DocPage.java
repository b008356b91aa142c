package dev.waitingroom.testkit.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of docs/protect: what it tells the reader to write is what the tests run. */
public record DocPage(String name, String text) {
    private static final Path PAGES = Path.of("docs", "protect");

    /** @param name of the file */
    public static DocPage read(String name) {
        try {
            return new DocPage(name, Files.readString(root().resolve(PAGES).resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The root of the repository. Tests run in the folder of their module. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(PAGES))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above the working directory has " + PAGES);
        }
        return folder;
    }

    /** The blocks of code in a language, in their order. */
    public List<String> blocks(String language) {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(text);
        List<String> found = new ArrayList<>();
        while (block.find()) {
            found.add(block.group(1));
        }
        return found;
    }

    /** The only block in a language. */
    public String block(String language) {
        List<String> blocks = blocks(language);
        if (blocks.size() != 1) {
            throw new AssertionError(name + " has " + blocks.size() + " blocks of " + language + ", not one");
        }
        return blocks.getFirst();
    }

    /** The only block in a language that contains this text. */
    public String blockWith(String language, String part) {
        List<String> blocks =
                blocks(language).stream().filter(block -> block.contains(part)).toList();
        if (blocks.size() != 1) {
            throw new AssertionError(
                    name + " has " + blocks.size() + " blocks of " + language + " with \"" + part + "\", not one");
        }
        return blocks.getFirst();
    }
}
