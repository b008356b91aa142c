package dev.waitingroom.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.operator.redis.RedisLocation.ClientPem;
import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.testkit.redis.RedisTls;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLocationTest {
    @Test
    void readsASecretAndWritesOneThatSaysTheSame() {
        var location = RedisLocation.from(secret(Map.of(
                "url",
                "rediss-sentinel://r:6379#line\n",
                "username",
                "u",
                "password",
                "p w",
                "sentinelUsername",
                "watcher",
                "sentinelPassword",
                "s",
                "ca.crt",
                "PEM")));

        assertThat(location)
                .isEqualTo(new RedisLocation(
                        "rediss-sentinel://r:6379#line",
                        Optional.of(new Credentials(Optional.of("u"), "p w")),
                        Optional.of(new Credentials(Optional.of("watcher"), "s")),
                        Optional.of("PEM")));
        assertThat(RedisLocation.from(secret(location.entries()))).isEqualTo(location);
    }

    @Test
    void readsAClientCertificateAndWritesOneThatSaysTheSame(@TempDir Path directory) throws Exception {
        RedisTls.make(directory);
        String certificate = Files.readString(directory.resolve("client.crt")).strip();
        String key = Files.readString(directory.resolve("pkcs1.key")).strip();

        var location =
                RedisLocation.from(secret(Map.of("url", "rediss://r:6379", "tls.crt", certificate, "tls.key", key)));

        assertThat(location.client()).contains(new ClientPem(certificate, key));
        assertThat(location).asString().doesNotContain("PRIVATE");
        assertThat(location.client()).asString().doesNotContain("PRIVATE");
        assertThat(RedisLocation.from(secret(location.entries()))).isEqualTo(location);
    }

    @Test
    void namesTheHalfOfAClientCertificateThatIsMissing() {
        assertThatThrownBy(() -> RedisLocation.from(secret(Map.of("url", "rediss://r", "tls.crt", "PEM"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entry \"tls.key\" is missing");
        assertThatThrownBy(() -> RedisLocation.from(secret(Map.of("url", "rediss://r", "tls.key", "PEM"))))
                .hasMessageContaining("entry \"tls.crt\" is missing");
    }

    @Test
    void saysWhatIsWrongWithAClientCertificate() {
        assertThatThrownBy(() -> RedisLocation.from(
                        secret(Map.of("url", "rediss://r", "tls.crt", "hidden", "tls.key", "hidden"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entries \"tls.crt\" and \"tls.key\": the certificate")
                .hasMessageNotContaining("hidden");
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
    @CsvSource({"username, password", "sentinelUsername, sentinelPassword"})
    void namesThePasswordThatIsMissing(String username, String password) {
        assertThatThrownBy(() -> RedisLocation.from(secret(Map.of("url", "redis://r", username, "u"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry \"" + password + "\" is missing, the password of user u");
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
        var hidden = Optional.of(new Credentials(Optional.of("u"), "hidden"));
        assertThat(new RedisLocation("redis://u:hidden@r", hidden, hidden, Optional.empty()))
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
