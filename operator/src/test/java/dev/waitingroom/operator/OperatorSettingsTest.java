package dev.waitingroom.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.redis.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorSettingsTest {
    private static final Map<String, String> LEAST =
            Map.of("GATEWAY_IMAGE", "gateway:1", "OPERATOR_NAMESPACE", "system", "POD_NAME", "operator-1");

    @Test
    void needsLittle() {
        var settings = OperatorSettings.from(LEAST);

        assertThat(settings.redis()).isEmpty();
        assertThat(settings.watchNamespaces()).isEmpty();
        assertThat(settings.leaderElection()).isTrue();
        assertThat(settings.adminPort()).isEqualTo(9090);
    }

    @Test
    void readsAll(@TempDir Path dir) throws IOException {
        Path ca = Files.createFile(dir.resolve("ca.crt"));
        var settings = OperatorSettings.from(with(Map.of(
                "REDIS_URL", "rediss://r:6379",
                "REDIS_USERNAME", "u",
                "REDIS_PASSWORD", "p",
                "REDIS_SENTINEL_PASSWORD", "s",
                "REDIS_CA_FILE", ca.toString(),
                "WATCH_NAMESPACES", "a, b,",
                "LEADER_ELECTION", "false",
                "ADMIN_PORT", "0")));

        assertThat(settings.redis()).hasValueSatisfying(redis -> {
            assertThat(redis.url()).isEqualTo("rediss://r:6379");
            assertThat(redis.servers()).contains(new Credentials(Optional.of("u"), "p"));
            assertThat(redis.sentinels()).contains(new Credentials(Optional.empty(), "s"));
            assertThat(redis.caFile()).isEqualTo(Optional.of(ca));
        });
        assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("a", "b");
        assertThat(settings.leaderElection()).isFalse();
        assertThat(settings.adminPort()).isZero();
    }

    @Test
    void readsRedisFromASecretInstead() {
        var settings = OperatorSettings.from(with(Map.of("REDIS_SECRET", "mine")));

        assertThat(settings.redis()).isEmpty();
        assertThat(settings.redisSecret()).contains("mine");
        assertThatThrownBy(() ->
                        OperatorSettings.from(with(Map.of("REDIS_SECRET", "mine", "REDIS_URL", "redis://r:6379"))))
                .hasMessage("REDIS_URL and REDIS_SECRET are both set: leave out one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GATEWAY_IMAGE", "OPERATOR_NAMESPACE", "POD_NAME"})
    void namesWhatIsMissing(String name) {
        var environment = new HashMap<>(LEAST);
        environment.remove(name);

        assertThatThrownBy(() -> OperatorSettings.from(environment)).hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"REDIS_CERT_FILE,REDIS_KEY_FILE is missing", "REDIS_KEY_FILE,REDIS_CERT_FILE is missing"})
    void namesTheHalfOfAClientCertificateThatIsMissing(String given, String problem) {
        assertThatThrownBy(() -> OperatorSettings.from(with(Map.of("REDIS_URL", "rediss://r", given, "/file"))))
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({"LEADER_ELECTION,maybe", "ADMIN_PORT,http", "ADMIN_PORT,70000"})
    void namesWhatIsWrong(String name, String value) {
        assertThatThrownBy(() -> OperatorSettings.from(with(Map.of(name, value))))
                .hasMessageContaining(name)
                .hasMessageContaining(value);
    }

    private static Map<String, String> with(Map<String, String> more) {
        var environment = new HashMap<>(LEAST);
        environment.putAll(more);
        return environment;
    }
}
