package dev.waitingroom.gateway.verify;

import dev.waitingroom.testkit.docs.DocPage;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A proxy of the machine, with the configuration of its page and the addresses of a test. */
final class ProxyProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin");

    private final Process process;
    private final Path directory;
    private final int port;

    private ProxyProcess(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** The proxies that are tested. */
    enum Kind {
        NGINX("nginx") {
            @Override
            List<String> prepare(Path directory, Addresses addresses) throws IOException {
                String site = DocPage.read("nginx.md").block("nginx");
                Path config =
                        Files.writeString(directory.resolve("nginx.conf"), """
                        daemon off;
                        master_process off;
                        pid DIR/pid;
                        error_log stderr;
                        events {}
                        http {
                            access_log off;
                            client_body_temp_path DIR/body;
                            proxy_temp_path DIR/proxy;
                            fastcgi_temp_path DIR/fastcgi;
                            uwsgi_temp_path DIR/uwsgi;
                            scgi_temp_path DIR/scgi;
                            include site.conf;
                        }
                        """.replace("DIR", directory.toString()));
                Files.writeString(
                        directory.resolve("site.conf"), addresses.in(site, "listen 80;", "listen 127.0.0.1:PORT;"));
                return List.of("-e", "stderr", "-p", directory.toString(), "-c", config.toString());
            }
        },
        CADDY("caddy") {
            @Override
            List<String> prepare(Path directory, Addresses addresses) throws IOException {
                String site = DocPage.read("caddy.md").block("caddy");
                Path config = Files.writeString(
                        directory.resolve("Caddyfile"),
                        "{\n\tadmin off\n\tauto_https off\n}\n"
                                + addresses.in(site, ":80 {", "http://127.0.0.1:PORT {"));
                return List.of("run", "--adapter", "caddyfile", "--config", config.toString());
            }
        },
        HAPROXY("haproxy") {
            @Override
            List<String> prepare(Path directory, Addresses addresses) throws IOException {
                DocPage page = DocPage.read("haproxy.md");
                Path script = Files.writeString(directory.resolve("waitingroom.lua"), page.block("lua"));
                String config = addresses.in(page.block("haproxy"), "bind :80", "bind 127.0.0.1:PORT");
                Files.writeString(
                        directory.resolve("haproxy.cfg"),
                        replaced(config, "/etc/haproxy/waitingroom.lua", script.toString()));
                return List.of("-db", "-f", directory.resolve("haproxy.cfg").toString());
            }
        };

        private final String program;

        Kind(String program) {
            this.program = program;
        }

        /** Writes the configuration, and returns the arguments. */
        abstract List<String> prepare(Path directory, Addresses addresses) throws IOException;
    }

    /** Where the proxy listens, and what stands behind it. */
    record Addresses(int proxy, int gateway, int shop) {
        /** The configuration of a page with these addresses. */
        String in(String config, String listen, String listenAt) {
            String behind = replaced(
                    replaced(config, "default-gateway:80", "127.0.0.1:" + gateway), "shop:8080", "127.0.0.1:" + shop);
            return replaced(behind, listen, listenAt.replace("PORT", Integer.toString(proxy)));
        }
    }

    private static String replaced(String text, String from, String to) {
        if (!text.contains(from)) {
            throw new AssertionError("the page no longer has \"" + from + "\"");
        }
        return text.replace(from, to);
    }

    /** Starts the proxy, or skips the test where it is not installed. */
    static ProxyProcess startOrSkip(Kind kind, int gateway, int shop) {
        Optional<Path> program = program(kind.program);
        Assumptions.assumeTrue(
                program.isPresent(),
                kind.program + " is not on the PATH, so its page in docs/protect is not tested; install it");
        try {
            Path directory = Files.createTempDirectory(kind.program);
            int port = FreePorts.next();
            List<String> command = new ArrayList<>(List.of(program.get().toString()));
            command.addAll(kind.prepare(directory, new Addresses(port, gateway, shop)));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile());
            builder.environment().put("XDG_DATA_HOME", directory.toString());
            builder.environment().put("XDG_CONFIG_HOME", directory.toString());
            ProxyProcess proxy = new ProxyProcess(builder.start(), directory, port);
            Awaitility.await().atMost(START).until(proxy::listens);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> program(String name) {
        return Stream.concat(
                        Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(File.pathSeparator)),
                        DIRECTORIES.stream())
                .map(dir -> Path.of(dir, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("the proxy did not start: " + log());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What it wrote so far. */
    String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        } catch (IOException e) {
            // A directory for temporary files is left over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
