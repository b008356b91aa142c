package dev.waitingroom.bench.proxy;

import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.process.Processes;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A process with a {@link ServiceMain}: in this one it would share threads with the clients, which no shop does. */
final class ServiceProcess implements AutoCloseable {
    private final int port = FreePorts.next();
    private final Process process;

    /** @param log where the process writes */
    ServiceProcess(Path log) throws IOException {
        process = new ProcessBuilder(JavaCommand.of(ServiceMain.class.getName(), Integer.toString(port))
                        .line())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    void awaitReady() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        Processes.end(process, Duration.ofSeconds(10));
    }
}
