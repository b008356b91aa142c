package dev.waitingroom.testkit.docs;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A proxy that tests run with the configuration of its page. Only hosts, ports and paths of files are changed. */
public enum DocumentedProxy {
    NGINX {
        // What Debian's nginx.conf has around the file of the page, with paths that any user may write.
        private static final String MAIN = """
                daemon off;
                master_process off;
                pid nginx.pid;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    include shop.conf;
                }
                """;

        @Override
        public Map<String, String> files(Path directory, Addresses addresses) {
            String site = addresses.behind(DocPage.read("nginx.md").block("nginx"));
            return Map.of(
                    "nginx.conf",
                    MAIN,
                    "shop.conf",
                    replaced(site, "listen 80;", "listen " + addresses.listen() + ";"));
        }

        @Override
        public List<String> arguments(Path directory, Path work) {
            return List.of("-e", "stderr", "-p", work.toString(), "-c", file(directory, "nginx.conf"));
        }
    },
    CADDY {
        @Override
        public Map<String, String> files(Path directory, Addresses addresses) {
            // With the line before it: the gateway's address ends in the same way.
            String site = replaced(
                    "}\n" + DocPage.read("caddy.md").block("caddy"),
                    "}\n:80 {",
                    "}\n:" + addresses.port() + " {\n\tbind " + addresses.host());
            return Map.of("Caddyfile", "{\n\tadmin off\n\tauto_https off\n" + addresses.behind(site));
        }

        @Override
        public List<String> arguments(Path directory, Path work) {
            return List.of("run", "--adapter", "caddyfile", "--config", file(directory, "Caddyfile"));
        }
    },
    HAPROXY {
        @Override
        public Map<String, String> files(Path directory, Addresses addresses) {
            DocPage page = DocPage.read("haproxy.md");
            String config = replaced(
                    addresses.behind(page.block("haproxy")),
                    "/etc/haproxy/waitingroom.lua",
                    file(directory, "waitingroom.lua"));
            return Map.of(
                    "waitingroom.lua", page.block("lua"),
                    "haproxy.cfg", replaced(config, "bind :80", "bind " + addresses.listen()));
        }

        @Override
        public List<String> arguments(Path directory, Path work) {
            return List.of("-db", "-f", file(directory, "haproxy.cfg"));
        }
    };

    /** Debian's proxies are where a PATH of a user has nothing. */
    private static final List<String> MORE_DIRECTORIES = List.of("/usr/sbin", "/usr/local/sbin");

    /** The command's name. */
    public String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The command, if this machine has it. */
    public Optional<Path> executable() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), MORE_DIRECTORIES.stream())
                .map(directory -> Path.of(directory, program()))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * The files of its configuration, by name.
     *
     * @param directory where they will be
     */
    public abstract Map<String, String> files(Path directory, Addresses addresses);

    /**
     * What the command needs to run in the foreground.
     *
     * @param directory has its files
     * @param work a directory that it may write
     */
    public abstract List<String> arguments(Path directory, Path work);

    /**
     * Where the proxy listens, and what stands behind it.
     *
     * @param gateway host and port
     * @param shop host and port
     */
    public record Addresses(String host, int port, String gateway, String shop) {
        private String listen() {
            return host + ":" + port;
        }

        private String behind(String config) {
            return replaced(replaced(config, "default-gateway:80", gateway), "shop:8080", shop);
        }
    }

    private static String file(Path directory, String name) {
        return directory.resolve(name).toString();
    }

    private static String replaced(String text, String from, String to) {
        if (!text.contains(from)) {
            throw new AssertionError("the page no longer has \"" + from + "\"");
        }
        return text.replace(from, to);
    }
}
