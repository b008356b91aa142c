package dev.waitingroom.dev.cluster;

import io.fabric8.kubernetes.api.model.Container;
import java.nio.file.Path;
import java.util.List;

/** The command that runs a gateway here instead of its image, with this process' JDK and class path. */
public final class GatewayCommand {
    private final String classPath;
    private final String main;

    /** @param main the class that the image starts */
    public GatewayCommand(String classPath, String main) {
        this.classPath = classPath;
        this.main = main;
    }

    List<String> line(Container container) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // The second compiler takes a third of the start, and this machine runs all pods.
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                main);
    }
}
