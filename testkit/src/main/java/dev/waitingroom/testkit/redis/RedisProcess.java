package dev.waitingroom.testkit.redis;

import dev.waitingroom.testkit.process.Signals;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A redis-server process on a free port of 127.0.0.1. It stores nothing on disk unless the configuration says so. {@link RedisExecutables} has the
 * executables.
 */
public final class RedisProcess implements AutoCloseable {
    /** For a server with a replica: the replica is in sync soon, and a dead link is noticed before the replica has to take over. */
    static final List<String> REPLICATED =
            List.of("repl-diskless-sync-delay 0", "repl-ping-replica-period 1", "repl-timeout 4");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path executable;
    private final Map<String, String> env;
    private final List<String> config;
    private final Path directory;
    private final int port;
    private Process process;
    private boolean paused;

    private RedisProcess(Path executable, Map<String, String> env, List<String> config, Path directory, int port)
            throws IOException {
        this.executable = executable;
        this.env = env;
        this.config = config;
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    /**
     * Starts the usual executable.
     *
     * @param config lines as in redis.conf; they override the defaults
     */
    public static RedisProcess start(String... config) {
        return start(RedisExecutables.usual(), config);
    }

    /** Starts this executable. It answers when the call returns. */
    public static RedisProcess start(Path executable, String... config) {
        return startOn(executable, FreePorts.next(), config);
    }

    /** Starts the usual executable on this port. */
    public static RedisProcess startOn(int port, String... config) {
        return startOn(RedisExecutables.usual(), port, config);
    }

    /** Starts this executable on this port. */
    public static RedisProcess startOn(Path executable, int port, String... config) {
        return startOn(executable, Map.of(), port, config);
    }

    /** Starts this executable, with these variables in its environment, on this port. */
    public static RedisProcess startOn(Path executable, Map<String, String> env, int port, String... config) {
        try {
            var redis = new RedisProcess(
                    executable, Map.copyOf(env), List.of(config), Files.createTempDirectory("waitingroom-redis"), port);
            redis.awaitReady();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The directory of its files. */
    public Path directory() {
        return directory;
    }

    public long pid() {
        return process.pid();
    }

    /** Whether it runs and is not paused. */
    public boolean running() {
        return process.isAlive() && !paused;
    }

    /** SIGKILL; data that is not on disk is lost. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGSTOP: connections stay, and nothing is answered. */
    public void pause() {
        Signals.pause(process);
        paused = true;
    }

    /** SIGCONT. */
    public void resume() {
        Signals.resume(process);
        paused = false;
    }

    /** Ends it with SIGTERM if it runs, and starts it with the same port, directory and configuration. */
    public void restart() {
        stop();
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady();
    }

    /** Resumes or restarts it after a test. */
    public void revive() {
        if (paused) {
            resume();
        }
        if (!process.isAlive()) {
            restart();
        }
    }

    public void flush() {
        command("FLUSHALL");
    }

    /**
     * Sends one command on a new connection.
     *
     * @return the reply: String, Long, a list of these, or null
     * @throws IllegalStateException with the text of an error reply
     */
    public @Nullable Object command(String... words) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            var request = new StringBuilder().append('*').append(words.length).append("\r\n");
            for (String word : words) {
                request.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return readReply(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A field of INFO. */
    public String info(String field) {
        return String.valueOf(command("INFO"))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("INFO has no " + field));
    }

    /** Ends it and removes its files. */
    @Override
    public void close() {
        stop();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() throws IOException {
        var lines = new ArrayList<>(List.of("bind 127.0.0.1", "save \"\"", "appendonly no", "daemonize no"));
        if (config.stream().noneMatch(line -> line.startsWith("port "))) {
            lines.add("port " + port);
        }
        lines.add("dir " + directory);
        lines.addAll(config);
        Path file = directory.resolve("redis.conf");
        if (!Files.exists(file)) { // Sentinel and Cluster write into their files
            Files.write(file, lines);
        }
        var command = new ArrayList<>(List.of(executable.toString(), file.toString()));
        if (config.stream().anyMatch(line -> line.startsWith("sentinel "))) {
            command.add("--sentinel");
        }
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(env);
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitReady() {
        Awaitility.await("redis-server on port " + port)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(this::answers);
    }

    /** Waits for servers that may refuse calls until then. */
    static void await(Duration patience, String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(condition);
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("redis-server ended: " + Files.readString(directory.resolve("log")));
        }
        try {
            return "PONG".equals(command("PING"));
        } catch (IllegalStateException e) { // an error reply: it needs a password, which the test has
            return !String.valueOf(e.getMessage()).startsWith("LOADING");
        } catch (UncheckedIOException e) {
            return config.stream().anyMatch(line -> line.equals("port 0")) && logSays("Ready to accept connections");
        }
    }

    private boolean logSays(String text) throws IOException {
        return Files.readString(directory.resolve("log")).contains(text);
    }

    private void stop() {
        if (paused) {
            resume();
        }
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Object readReply(InputStream in) throws IOException {
        int type = in.read();
        String line = readLine(in);
        return switch (type) {
            case '+' -> line;
            case '-' -> throw new IllegalStateException(line);
            case ':' -> Long.valueOf(line);
            case '$' -> {
                int length = Integer.parseInt(line);
                if (length < 0) {
                    yield null;
                }
                byte[] text = in.readNBytes(length);
                in.readNBytes(2);
                yield new String(text, StandardCharsets.ISO_8859_1);
            }
            case '*' -> {
                var items = new ArrayList<@Nullable Object>();
                for (int i = Integer.parseInt(line); i > 0; i--) {
                    items.add(readReply(in));
                }
                yield items;
            }
            default -> throw new EOFException("not a RESP reply: " + (char) type + line);
        };
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed");
            }
            line.write(b);
        }
        in.read();
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
