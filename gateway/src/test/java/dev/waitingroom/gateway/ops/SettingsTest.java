package dev.waitingroom.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.FleetId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    private Path dir;

    private Map<String, String> env = Map.of();

    @BeforeEach
    void leastEnvironment() {
        env = new HashMap<>(Map.of(
                "FLEET",
                "shop/default",
                "POD_NAME",
                "pod-1",
                "REDIS_URL",
                "redis://r:6379",
                "KEYS_DIR",
                dir.toString()));
    }

    @Test
    void defaultsAreThoseOfTheReadme() {
        Settings settings = Settings.from(env);

        assertThat(settings.fleet()).isEqualTo(new FleetId("shop", "default"));
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.adminPort()).isEqualTo(9090);
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.issuer()).isEqualTo("shop/default");
        assertThat(settings.allowedOrigins()).isEmpty();
        assertThat(settings.redis().username()).isEmpty();
    }

    @Test
    void everythingCanBeSet() {
        env.putAll(Map.of(
                "REDIS_USERNAME", "u",
                "REDIS_PASSWORD", "hunter2",
                "HTTP_PORT", " 81 ",
                "ADMIN_PORT", "0",
                "BIND_ADDRESS", "127.0.0.1",
                "DRAIN_SECONDS", "0",
                "TOKEN_ISSUER", "https://shop.example",
                "CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example,"));

        Settings settings = Settings.from(env);

        assertThat(settings.redis().username()).isEqualTo(Optional.of("u"));
        assertThat(settings.redis().password()).isEqualTo(Optional.of("hunter2"));
        assertThat(settings.httpPort()).isEqualTo(81);
        assertThat(settings.adminPort()).isZero();
        assertThat(settings.drain()).isZero();
        assertThat(settings.issuer()).isEqualTo("https://shop.example");
        assertThat(settings.allowedOrigins()).containsExactlyInAnyOrder("https://a.example", "https://b.example");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLEET", "POD_NAME", "REDIS_URL", "KEYS_DIR"})
    void whatIsMissingIsNamedWithTheFix(String variable) {
        env.put(variable, " ");

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(variable + " is not set. Set it to ");
    }

    @ParameterizedTest
    @CsvSource({
        "FLEET, default",
        "FLEET, Shop/default",
        "REDIS_URL, localhost:6379",
        "REDIS_URL, http://r",
        "REDIS_CA_FILE, /no/such/file",
        "KEYS_DIR, /no/such/directory",
        "HTTP_PORT, many",
        "HTTP_PORT, 65536",
        "ADMIN_PORT, -1",
        "DRAIN_SECONDS, 301"
    })
    void whatCannotBeUsedIsNamedWithTheFix(String variable, String value) {
        env.put(variable, value);

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(variable + " cannot be used: ")
                .hasMessageContaining(". Set it to ");
    }

    @Test
    void logLevelThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> Logging.setUp(Map.of("LOG_LEVEL", "loud")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("LOG_LEVEL", "loud", "debug");
    }
}
