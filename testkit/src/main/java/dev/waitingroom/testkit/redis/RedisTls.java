package dev.waitingroom.testkit.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate authority, a certificate for 127.0.0.1 and certificates for clients, made by the {@code openssl} on the PATH.
 *
 * @param directory of the files
 */
public record RedisTls(Path directory) {
    /**
     * A client's certificate.
     *
     * @param certificate PEM file
     * @param key PEM file of its private key
     */
    public record Client(Path certificate, Path key) {}

    /** Creates them, valid for two days. */
    public static RedisTls make(Path directory) throws IOException, InterruptedException {
        for (String command : List.of(
                "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca",
                "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=127.0.0.1"
                        + " -addext subjectAltName=IP:127.0.0.1",
                "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2"
                        + " -copy_extensions copy",
                "req -newkey rsa:2048 -nodes -keyout client.key -out client.csr -subj /CN=client",
                "x509 -req -in client.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out client.crt -days 2",
                "rsa -in client.key -traditional -out pkcs1.key",
                "ecparam -name prime256v1 -genkey -out sec1.key",
                "req -new -key sec1.key -out sec1.csr -subj /CN=client",
                "x509 -req -in sec1.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out sec1.crt -days 2",
                "genpkey -algorithm ed25519 -out ed25519.key",
                "req -new -key ed25519.key -out ed25519.csr -subj /CN=client",
                "x509 -req -in ed25519.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out ed25519.crt -days 2")) {
            run(directory, "openssl " + command);
        }
        return new RedisTls(directory);
    }

    /** The certificate of the authority, for clients. */
    public Path caFile() {
        return directory.resolve("ca.crt");
    }

    /** A client's certificate and key in openssl's default form: PKCS #8. */
    public Client client() {
        return client("client.crt", "client.key");
    }

    /** A certificate and key in another form: {@code client.crt} with {@code pkcs1.key}, {@code sec1} and {@code ed25519}. */
    public Client client(String certificate, String key) {
        return new Client(directory.resolve(certificate), directory.resolve(key));
    }

    /** Lines of redis.conf for a server with TLS on this port, for any client. */
    public List<String> config(int port) {
        return config(port, "no");
    }

    /** The same, for clients with a certificate only: Redis' default. */
    public List<String> mutualConfig(int port) {
        return config(port, "yes");
    }

    private List<String> config(int port, String authClients) {
        return List.of(
                "tls-port " + port,
                "tls-auth-clients " + authClients,
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
