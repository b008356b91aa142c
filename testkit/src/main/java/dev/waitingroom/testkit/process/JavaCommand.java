package dev.waitingroom.testkit.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of another JVM: this one's JDK, and the flags that the libraries of this project need.
 *
 * @param options further flags of the JVM
 * @param classPath its class path
 * @param mainClass the class to start
 * @param arguments of that class
 */
public record JavaCommand(List<String> options, String classPath, String mainClass, List<String> arguments) {
    public JavaCommand {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /** With this JVM's class path and no further flags. */
    public static JavaCommand of(String mainClass, String... arguments) {
        return new JavaCommand(List.of(), System.getProperty("java.class.path"), mainClass, List.of(arguments));
    }

    public JavaCommand withOptions(String... more) {
        return new JavaCommand(List.of(more), classPath, mainClass, arguments);
    }

    public List<String> line() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                mainClass));
        line.addAll(arguments);
        return line;
    }
}
