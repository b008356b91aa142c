package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.settings.Environment;
import dev.waitingroom.queue.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The variables that say how to reach Redis. Operator and gateway read the same ones. */
public final class RedisVariables {
    private static final String URL = "REDIS_URL";
    private static final String URL_DESCRIPTION = "Where Redis is: `redis://host:6379`, "
            + "`redis-sentinel://host:26379,host:26379#master` or `redis-cluster://host:6379,host:6379`. "
            + "With TLS write `rediss` in place of `redis`.";
    private static final String URL_EXPECTED = "where Redis is, such as redis://host:6379";

    private RedisVariables() {}

    /** @throws SettingsException if one is missing or cannot be used */
    public static RedisSettings required(Environment environment) {
        return settings(environment, environment.required(URL, URL_DESCRIPTION, URL_EXPECTED, RedisSettings::checked));
    }

    /**
     * Empty where there is no URL.
     *
     * @throws SettingsException if one is missing or cannot be used
     */
    public static Optional<RedisSettings> optional(Environment environment) {
        return environment
                .parsed(URL, URL_DESCRIPTION, URL_EXPECTED, RedisSettings::checked)
                .map(url -> settings(environment, url));
    }

    private static RedisSettings settings(Environment environment, String url) {
        return new RedisSettings(
                url,
                credentials(environment, "REDIS_USERNAME", "REDIS_PASSWORD", "Redis"),
                credentials(environment, "REDIS_SENTINEL_USERNAME", "REDIS_SENTINEL_PASSWORD", "Sentinels"),
                environment.parsed(
                        "REDIS_CA_FILE",
                        "Certificate of the authority that signed the servers' certificates. Without it the JDK's are trusted.",
                        "a PEM file that can be read",
                        RedisVariables::file),
                clientCertificate(environment, "REDIS_CERT_FILE", "REDIS_KEY_FILE"));
    }

    private static Optional<Credentials> credentials(
            Environment environment, String username, String password, String server) {
        try {
            return Credentials.of(
                    environment.text(
                            username, "ACL user for " + server + ". Without it, the default user.", "a user name"),
                    environment.text(password, "Password for " + server + ".", "a password"),
                    password);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(e.getMessage() + ". Set it, or leave out " + username + ".");
        }
    }

    private static Optional<ClientCertificate> clientCertificate(
            Environment environment, String certificate, String key) {
        try {
            return ClientCertificate.of(
                    environment
                            .text(
                                    certificate,
                                    "Client certificate, where Redis asks for one. Read again for each connection.",
                                    "a PEM file that can be read")
                            .map(Path::of),
                    environment
                            .text(key, "Private key of the client certificate.", "a PEM file that can be read")
                            .map(Path::of),
                    certificate,
                    key);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(e.getMessage() + ". Set both to PEM files that can be read, or neither.");
        }
    }

    private static Path file(String path) {
        Path file = Path.of(path);
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("there is no readable file " + path);
        }
        return file;
    }
}
