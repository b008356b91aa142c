package dev.waitingroom.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLocationTest {
    @Test
    void readsASecretAndWritesOneThatSaysTheSame() {
        var location = RedisLocation.from(
                secret(Map.of("url", "rediss://r:6379\n", "username", "u", "password", "p w", "ca.crt", "PEM")));

        assertThat(location)
                .isEqualTo(
                        new RedisLocation("rediss://r:6379", Optional.of("u"), Optional.of("p w"), Optional.of("PEM")));
        assertThat(RedisLocation.from(secret(location.entries()))).isEqualTo(location);
    }

    @Test
    void needsNoMoreThanAUrl() {
        assertThat(RedisLocation.from(secret(Map.of("url", "redis://r:6379", "password", "")))
                        .entries())
                .containsExactly(Map.entry("url", "redis://r:6379"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://r:6379",
                "rediss://r",
                "redis-sentinel://a:1,b:2/0#main",
                "rediss-sentinel://a:1#main",
                "redis-cluster://a:1,b:2",
                "rediss-cluster://a:1"
            })
    void knowsEveryKindOfUrl(String url) {
        assertThat(RedisLocation.from(secret(Map.of("url", url))).url()).isEqualTo(url);
    }

    @Test
    void namesTheEntryThatIsMissing() {
        assertThatThrownBy(() -> RedisLocation.from(secret(Map.of("uri", "redis://r"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"url\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r:6379", "http://secret-host", "redis://"})
    void refusesAnotherUrlWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> RedisLocation.from(secret(Map.of("url", url))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("redis://")
                .hasMessageNotContaining("secret-host");
    }

    @Test
    void doesNotSayItsPassword() {
        assertThat(new RedisLocation("redis://u:hidden@r", Optional.of("u"), Optional.of("hidden"), Optional.empty()))
                .asString()
                .doesNotContain("hidden");
    }

    private static Secret secret(Map<String, String> entries) {
        var data = new TreeMap<String, String>();
        entries.forEach((key, value) ->
                data.put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder().withData(data).build();
    }
}
