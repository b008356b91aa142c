package dev.waitingroom.dev.cluster;

import dev.waitingroom.testkit.process.JavaCommand;
import io.fabric8.kubernetes.api.model.Container;
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
        // The second compiler takes a third of the start, and this machine runs all pods.
        List<String> options = List.of("-XX:TieredStopAtLevel=1", "-Xmx256m");
        return new JavaCommand(options, classPath, main, List.of()).line();
    }
}
