package dev.waitingroom.chaos.site;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.gateway.GatewayMain;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.testkit.process.JavaCommand;
import dev.waitingroom.testkit.process.Signals;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A gateway process, run as a pod runs it. */
public final class GatewayChild implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The longest time that a JVM takes to print its threads. */
    private static final Duration DUMP = Duration.ofSeconds(1);

    private static final int LAST_LINES = 400;

    /** The second compiler costs a third of the start, and pays only later. */
    private static final List<String> COMPILERS =
            Boolean.getBoolean("chaos.quick") ? List.of("-XX:TieredStopAtLevel=1") : List.of();

    private final Map<String, String> env;
    private final String classPath;
    private final Path directory;
    private final URI uri;
    private Process process;
    private int starts;

    private GatewayChild(Map<String, String> env, String classPath, Path directory, URI uri) {
        this.env = env;
        this.classPath = classPath;
        this.directory = directory;
        this.uri = uri;
        this.process = launch();
    }

    /** Starts a gateway process. It may not be ready when the call returns. */
    public static GatewayChild start(String pod, RedisSettings redis, SiteKeys keys, Path directory) {
        return start(pod, redis, keys, directory, Map.of());
    }

    /** @param more variables that override those of its environment */
    public static GatewayChild start(
            String pod, RedisSettings redis, SiteKeys keys, Path directory, Map<String, String> more) {
        return start(pod, redis, keys, directory, more, Optional.empty());
    }

    /**
     * @param more variables that override those of its environment
     * @param patch a directory whose classes and resources replace those of the same name
     */
    public static GatewayChild start(
            String pod,
            RedisSettings redis,
            SiteKeys keys,
            Path directory,
            Map<String, String> more,
            Optional<Path> patch) {
        int port = FreePorts.next();
        Map<String, String> env = new HashMap<>(Map.of(
                "GATEWAY",
                OperatorHand.GATEWAY.toString(),
                "POD_NAME",
                pod,
                "REDIS_URL",
                redis.url(),
                "KEYS_DIR",
                keys.directory().toString(),
                "BIND_ADDRESS",
                "127.0.0.1",
                "HTTP_PORT",
                Integer.toString(port),
                "ADMIN_PORT",
                "0",
                "LOG_LEVEL",
                "warn",
                "DRAIN_SECONDS",
                "0"));
        redis.servers().ifPresent(credentials -> {
            credentials.username().ifPresent(name -> env.put("REDIS_USERNAME", name));
            env.put("REDIS_PASSWORD", credentials.password());
        });
        redis.caFile().ifPresent(file -> env.put("REDIS_CA_FILE", file.toString()));
        env.putAll(more);
        String shipped = System.getProperty("java.class.path");
        String classPath =
                patch.map(first -> first + File.pathSeparator + shipped).orElse(shipped);
        return new GatewayChild(env, classPath, directory, URI.create("http://127.0.0.1:" + port));
    }

    private Process launch() {
        starts++;
        List<String> options = new ArrayList<>(COMPILERS);
        options.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        var command =
                new ProcessBuilder(new JavaCommand(options, classPath, GatewayMain.class.getName(), List.of()).line());
        command.environment().putAll(env);
        try {
            return command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return directory.resolve(env.get("POD_NAME") + ".log");
    }

    public URI uri() {
        return uri;
    }

    public long pid() {
        return process.pid();
    }

    /** The name of the process; another one after each start. */
    public String name() {
        return env.get("POD_NAME") + "#" + starts;
    }

    /**
     * Waits until it serves the event.
     *
     * @throws IllegalStateException if it does not, with its last log lines and its threads
     */
    public void awaitServes(HttpClient client, String eventId) {
        try {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !process.isAlive() || joinWithoutName(client, eventId) == 400);
        } catch (ConditionTimeoutException e) {
            Signals.dumpThreads(process);
            throw new IllegalStateException(
                    "%s at %s does not serve %s:%n%s".formatted(name(), uri, eventId, lastLogged()), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "%s at %s ended with %d:%n%s".formatted(name(), uri, process.exitValue(), lastLogged()));
        }
    }

    /** A call that changes nothing: the status is 400 if the event is served. */
    private int joinWithoutName(HttpClient client, String eventId) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(uri.resolve("/api/v1/queue/join"))
                                .header("Content-Type", "application/json")
                                .timeout(Duration.ofSeconds(5))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"event_id\":\"" + eventId + "\",\"user_id\":\"\"}"))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }

    private String lastLogged() {
        try {
            Thread.sleep(DUMP);
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        end();
    }

    /** SIGTERM, as when its pod is replaced. The process has ended when the call returns. */
    public void stop() {
        process.destroy();
        end();
    }

    /** SIGSTOP: connections stay, and nothing is answered. */
    public void pause() {
        Signals.pause(process);
    }

    /** SIGCONT. */
    public void resume() {
        Signals.resume(process);
    }

    /** Starts it again, on the same port. */
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        stop();
    }

    private void end() {
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
