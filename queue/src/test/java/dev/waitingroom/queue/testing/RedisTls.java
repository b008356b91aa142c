package dev.waitingroom.queue.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate authority of its own and a certificate of 127.0.0.1, made by the {@code openssl} on the PATH.
 *
 * @param directory where the files are
 */
public record RedisTls(Path directory) {
    /** Makes them, valid for two days. */
    public static RedisTls make(Path directory) throws IOException, InterruptedException {
        for (String command : List.of(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca",
                "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=127.0.0.1"
                        + " -addext subjectAltName=IP:127.0.0.1",
                "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2"
                        + " -copy_extensions copy")) {
            run(directory, "openssl " + command);
        }
        return new RedisTls(directory);
    }

    /** What clients trust. */
    public Path caFile() {
        return directory.resolve("ca.crt");
    }

    /** Lines of redis.conf for a server that speaks TLS on this port. */
    public List<String> config(int port) {
        return List.of(
                "tls-port " + port,
                "tls-auth-clients no",
                "tls-cert-file " + directory.resolve("server.crt"),
                "tls-key-file " + directory.resolve("server.key"),
                "tls-ca-cert-file " + caFile());
    }

    private static void run(Path directory, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Arrays.asList(command.split(" ", -1)))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + output);
        }
    }
}
