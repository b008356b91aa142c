package dev.waitingroom.chaos.mutant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Builds the classes and scripts of a mutant, in a directory that comes first on a class path. */
final class Patch {
    private static final Path ROOT = Path.of("..");

    private Patch() {}

    /** @param directory for them and their sources */
    static Path make(List<Edit> edits, Path directory) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String source = sources.get(edit.file());
            sources.put(edit.file(), edit.apply(source == null ? Files.readString(ROOT.resolve(edit.file())) : source));
        }
        Path patch = Files.createDirectories(directory.resolve("patch"));
        List<Path> classes = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            boolean script = source.getKey().endsWith(".lua");
            Path file = script
                    ? patch.resolve("lua").resolve(Path.of(source.getKey()).getFileName())
                    : directory.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            if (!script) {
                classes.add(file);
            }
        }
        if (!classes.isEmpty()) {
            compile(classes, patch);
        }
        return patch;
    }

    private static void compile(List<Path> sources, Path into) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean done = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-classpath",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    into.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!done) {
                throw new AssertionError("the mutant does not compile: " + said);
            }
        }
    }
}
