package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.redis.ClientIdentity;
import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.redis.RedisSettings;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Address and credentials of a Redis, as in a Secret. The operator connects to it, and gives it to the gateway's pods.
 *
 * @param url see {@link RedisSettings#url}
 * @param servers see {@link RedisSettings#servers}
 * @param sentinels see {@link RedisSettings#sentinels}
 * @param caPem certificate of the CA that signed the server's certificate
 * @param client certificate for servers that require one from clients
 */
public record RedisLocation(
        String url,
        Optional<Credentials> servers,
        Optional<Credentials> sentinels,
        Optional<String> caPem,
        Optional<ClientPem> client) {
    public static final String URL = "url";
    public static final String USERNAME = "username";
    public static final String PASSWORD = "password";
    public static final String SENTINEL_USERNAME = "sentinelUsername";
    public static final String SENTINEL_PASSWORD = "sentinelPassword";
    public static final String CA = "ca.crt";
    public static final String CLIENT_CERTIFICATE = "tls.crt";
    public static final String CLIENT_KEY = "tls.key";

    public RedisLocation {
        RedisSettings.checked(url);
    }

    /** Without a client certificate. */
    public RedisLocation(
            String url, Optional<Credentials> servers, Optional<Credentials> sentinels, Optional<String> caPem) {
        this(url, servers, sentinels, caPem, Optional.empty());
    }

    /** A client certificate with its chain, and the private key. */
    public record ClientPem(String certificate, String key) {
        @Override
        public String toString() {
            return "ClientPem[...]";
        }
    }

    /**
     * Reads a user's Secret.
     *
     * @throws IllegalArgumentException naming the missing or invalid entry, never its value
     */
    public static RedisLocation from(Secret secret) {
        String url =
                entry(secret, URL).orElseThrow(() -> new IllegalArgumentException("entry \"" + URL + "\" is missing"));
        return new RedisLocation(
                url,
                credentials(secret, USERNAME, PASSWORD),
                credentials(secret, SENTINEL_USERNAME, SENTINEL_PASSWORD),
                entry(secret, CA),
                client(secret));
    }

    /**
     * Reads the settings of the installation.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    public static RedisLocation from(RedisSettings settings) {
        return new RedisLocation(
                settings.url(),
                settings.servers(),
                settings.sentinels(),
                settings.caFile().map(RedisLocation::read),
                settings.client().map(files -> new ClientPem(read(files.certificate()), read(files.key()))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entries of a Secret with this location. */
    public Map<String, String> entries() {
        var entries = new LinkedHashMap<String, String>();
        entries.put(URL, url);
        put(entries, servers, USERNAME, PASSWORD);
        put(entries, sentinels, SENTINEL_USERNAME, SENTINEL_PASSWORD);
        caPem.ifPresent(value -> entries.put(CA, value));
        client.ifPresent(pem -> {
            entries.put(CLIENT_CERTIFICATE, pem.certificate());
            entries.put(CLIENT_KEY, pem.key());
        });
        return entries;
    }

    private static void put(
            Map<String, String> entries, Optional<Credentials> credentials, String username, String password) {
        credentials.ifPresent(given -> {
            given.username().ifPresent(user -> entries.put(username, user));
            entries.put(password, given.password());
        });
    }

    private static Optional<Credentials> credentials(Secret secret, String username, String password) {
        return Credentials.of(entry(secret, username), entry(secret, password), "entry \"" + password + "\"");
    }

    private static Optional<ClientPem> client(Secret secret) {
        Optional<String> certificate = entry(secret, CLIENT_CERTIFICATE);
        Optional<String> key = entry(secret, CLIENT_KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("entry \"" + (key.isEmpty() ? CLIENT_KEY : CLIENT_CERTIFICATE)
                    + "\" is missing: a client certificate and its key go together");
        }
        return certificate.map(pem -> {
            try {
                ClientIdentity.parse(pem, key.orElseThrow());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "entries \"" + CLIENT_CERTIFICATE + "\" and \"" + CLIENT_KEY + "\": " + e.getMessage(), e);
            }
            return new ClientPem(pem, key.orElseThrow());
        });
    }

    private static Optional<String> entry(Secret secret, String key) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        Map<String, String> plain = secret.getStringData() == null ? Map.of() : secret.getStringData();
        if (plain.containsKey(key)) { // only an in-memory API of tests does not convert it
            return Optional.of(plain.get(key));
        }
        return Optional.ofNullable(data.get(key)).map(RedisLocation::decode).filter(value -> !value.isEmpty());
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8).strip();
    }

    @Override
    public String toString() {
        return "RedisLocation[url=" + url.replaceAll("//[^@/]*@", "//***@") + "]";
    }
}
