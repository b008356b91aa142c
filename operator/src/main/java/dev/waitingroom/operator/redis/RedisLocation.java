package dev.waitingroom.operator.redis;

import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.redis.RedisSettings;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Redis as a Secret describes it: the operator connects to it, and hands it on to the fleet's pods.
 *
 * @param url see {@link RedisSettings#url}
 * @param servers see {@link RedisSettings#servers}
 * @param sentinels see {@link RedisSettings#sentinels}
 * @param caPem certificate of the authority that signed the server's
 */
public record RedisLocation(
        String url, Optional<Credentials> servers, Optional<Credentials> sentinels, Optional<String> caPem) {
    public static final String URL = "url";
    public static final String USERNAME = "username";
    public static final String PASSWORD = "password";
    public static final String SENTINEL_USERNAME = "sentinelUsername";
    public static final String SENTINEL_PASSWORD = "sentinelPassword";
    public static final String CA = "ca.crt";

    public RedisLocation {
        RedisSettings.checked(url);
    }

    /**
     * Reads a Secret of a user.
     *
     * @throws IllegalArgumentException naming the entry that is missing or wrong, never its value
     */
    public static RedisLocation from(Secret secret) {
        String url =
                entry(secret, URL).orElseThrow(() -> new IllegalArgumentException("entry \"" + URL + "\" is missing"));
        return new RedisLocation(
                url,
                credentials(secret, USERNAME, PASSWORD),
                credentials(secret, SENTINEL_USERNAME, SENTINEL_PASSWORD),
                entry(secret, CA));
    }

    /**
     * What the operator was installed with.
     *
     * @throws UncheckedIOException where the authority's file cannot be read
     */
    public static RedisLocation from(RedisSettings settings) {
        return new RedisLocation(
                settings.url(),
                settings.servers(),
                settings.sentinels(),
                settings.caFile().map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
    }

    /** The entries of a Secret that says the same. */
    public Map<String, String> entries() {
        var entries = new LinkedHashMap<String, String>();
        entries.put(URL, url);
        put(entries, servers, USERNAME, PASSWORD);
        put(entries, sentinels, SENTINEL_USERNAME, SENTINEL_PASSWORD);
        caPem.ifPresent(value -> entries.put(CA, value));
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

    private static Optional<String> entry(Secret secret, String key) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        Map<String, String> plain = secret.getStringData() == null ? Map.of() : secret.getStringData();
        if (plain.containsKey(key)) { // only an API server that does not convert it, as in tests
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
