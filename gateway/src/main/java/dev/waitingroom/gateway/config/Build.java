package dev.waitingroom.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * The running build.
 *
 * @param version Maven's project version
 */
public record Build(String version) {
    public static Build current() {
        try (InputStream in =
                Objects.requireNonNull(Build.class.getResourceAsStream("/waitingroom-gateway.properties"))) {
            Properties properties = new Properties();
            properties.load(in);
            return new Build(Objects.requireNonNull(properties.getProperty("version")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
