package dev.waitingroom.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.ClientCertificate;
import dev.waitingroom.queue.redis.Credentials;
import dev.waitingroom.queue.settings.SettingsException;
import dev.waitingroom.queue.site.IpRange;
import dev.waitingroom.testkit.redis.RedisTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
    void startsWithTheRequiredVariablesOnly() {
        env = new HashMap<>(Map.of(
                "GATEWAY",
                "shop/default",
                "POD_NAME",
                "pod-1",
                "REDIS_URL",
                "redis://r:6379",
                "KEYS_DIR",
                dir.toString()));
    }

    @Test
    void defaultsMatchTheReadme() {
        Settings settings = Settings.from(env);

        assertThat(settings.gateway()).isEqualTo(new GatewayId("shop", "default"));
        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.adminPort()).isEqualTo(9090);
        assertThat(settings.grpcPort()).isEmpty();
        assertThat(settings.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.issuer()).isEqualTo("shop/default");
        assertThat(settings.origins()).isEqualTo(WebOrigins.NONE);
        assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(75));
        assertThat(settings.redis().servers()).isEmpty();
        assertThat(settings.redis().sentinels()).isEmpty();
        assertThat(settings.redis().client()).isEmpty();
        assertThat(settings.clients())
                .isEqualTo(new ClientLimits(
                        1_000, new TrustedProxies(List.of(), AddressHeader.X_FORWARDED_FOR), 10_000, 10_000));
    }

    @Test
    void everythingCanBeSet() {
        env.putAll(Map.of(
                "CLIENT_REQUESTS_PER_SECOND", "0",
                "TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8",
                "CLIENT_ADDRESS_HEADER", "forwarded",
                "MAX_CONNECTIONS", "10"));
        env.putAll(Map.of(
                "REDIS_USERNAME", "u",
                "REDIS_PASSWORD", "hunter2",
                "REDIS_SENTINEL_PASSWORD", "hunter3",
                "HTTP_PORT", " 81 ",
                "ADMIN_PORT", "0",
                "BIND_ADDRESS", "127.0.0.1",
                "DRAIN_SECONDS", "0",
                "TOKEN_ISSUER", "https://shop.example",
                "CORS_ALLOWED_ORIGINS", "https://a.example, https://b.example,"));
        env.put("GRPC_PORT", "9000");
        env.putAll(Map.of("CORS_ALLOW_CREDENTIALS", "true", "KEEP_ALIVE_SECONDS", "3700", "MAX_STREAMS", "0"));

        Settings settings = Settings.from(env);

        assertThat(settings.redis().servers()).contains(new Credentials(Optional.of("u"), "hunter2"));
        assertThat(settings.redis().sentinels()).contains(new Credentials(Optional.empty(), "hunter3"));
        assertThat(settings.httpPort()).isEqualTo(81);
        assertThat(settings.adminPort()).isZero();
        assertThat(settings.grpcPort()).contains(9000);
        assertThat(settings.drain()).isZero();
        assertThat(settings.issuer()).isEqualTo("https://shop.example");
        assertThat(settings.origins())
                .isEqualTo(WebOrigins.of(List.of("https://a.example", "https://b.example"), true));
        assertThat(settings.keepAlive()).isEqualTo(Duration.ofSeconds(3_700));
        assertThat(settings.toString()).doesNotContain("hunter");
        assertThat(settings.clients())
                .isEqualTo(new ClientLimits(
                        0,
                        new TrustedProxies(
                                List.of(IpRange.parse("10.0.0.0/8"), IpRange.parse("fd00::/8")),
                                AddressHeader.FORWARDED),
                        10,
                        0));
    }

    /** A proxy closes its idle connections itself; that of Google Cloud does so after 600 s. */
    @Test
    void idleConnectionsOutliveThoseOfProxies() {
        env.put("TRUSTED_PROXIES", "10.0.0.0/8");

        assertThat(Settings.from(env).keepAlive()).isEqualTo(Duration.ofSeconds(620));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://a.example:8443", "http://localhost:3000", "capacitor://localhost", "http://[::1]", "*"})
    void acceptsOriginsAsBrowsersSendThem(String origin) {
        env.put("CORS_ALLOWED_ORIGINS", origin);

        assertThat(Settings.from(env).origins().allow(origin)).isTrue();
    }

    @Test
    void credentialsAreRefusedForAllOrigins() {
        env.put("CORS_ALLOWED_ORIGINS", "*");
        env.put("CORS_ALLOW_CREDENTIALS", "true");

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("CORS_ALLOW_CREDENTIALS cannot be used: credentials are not allowed with *")
                .hasMessageContaining(". Set it to ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GATEWAY", "POD_NAME", "REDIS_URL", "KEYS_DIR"})
    void missingVariableIsNamedWithTheFix(String variable) {
        env.put(variable, " ");

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(variable + " is not set. Set it to ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REDIS_", "REDIS_SENTINEL_"})
    void userWithoutAPasswordIsNamedWithTheFix(String whose) {
        env.put(whose + "USERNAME", "u");

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessage(whose + "PASSWORD is missing, the password of user u. Set it, or leave out " + whose
                        + "USERNAME.");
    }

    @Test
    void readsTheClientCertificateAtStart() throws Exception {
        RedisTls tls = RedisTls.make(dir);
        env.put("REDIS_CERT_FILE", tls.client().certificate().toString());
        env.put("REDIS_KEY_FILE", tls.client().key().toString());

        assertThat(Settings.from(env).redis().client())
                .contains(new ClientCertificate(
                        tls.client().certificate(), tls.client().key()));
    }

    @Test
    void unusableClientCertificateIsNamedWithTheFix() {
        env.put("REDIS_CERT_FILE", "/no/such/file");

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("REDIS_KEY_FILE is missing")
                .hasMessageEndingWith("Set both to PEM files that can be read, or neither.");
        env.put("REDIS_KEY_FILE", "/no/such/file");
        assertThatThrownBy(() -> Settings.from(env))
                .hasMessageStartingWith("REDIS_CERT_FILE and REDIS_KEY_FILE cannot be used: ");
    }

    @ParameterizedTest
    @CsvSource({
        "GATEWAY, default",
        "GATEWAY, Shop/default",
        "REDIS_URL, localhost:6379",
        "REDIS_URL, http://r",
        "REDIS_URL, redis://",
        "REDIS_URL, redis-sentinel://a:26379",
        "REDIS_CA_FILE, /no/such/file",
        "KEYS_DIR, /no/such/directory",
        "HTTP_PORT, many",
        "HTTP_PORT, 65536",
        "ADMIN_PORT, -1",
        "GRPC_PORT, 65536",
        "GRPC_PORT, envoy",
        "DRAIN_SECONDS, 301",
        "CLIENT_REQUESTS_PER_SECOND, -1",
        "TRUSTED_PROXIES, 10.0.0.0/40",
        "TRUSTED_PROXIES, ingress.example",
        "CLIENT_ADDRESS_HEADER, X-Real-IP",
        "MAX_CONNECTIONS, 9",
        "KEEP_ALIVE_SECONDS, 4",
        "KEEP_ALIVE_SECONDS, 86401",
        "CORS_ALLOWED_ORIGINS, shop.example",
        "CORS_ALLOWED_ORIGINS, https://shop.example/",
        "CORS_ALLOWED_ORIGINS, https://Shop.example",
        "CORS_ALLOWED_ORIGINS, https://shop.example:443",
        "CORS_ALLOWED_ORIGINS, http://shop.example:80",
        "CORS_ALLOWED_ORIGINS, https://*.example",
        "CORS_ALLOWED_ORIGINS, null",
        "CORS_ALLOW_CREDENTIALS, yes"
    })
    void invalidVariableIsNamedWithTheFix(String variable, String value) {
        env.put(variable, value);

        assertThatThrownBy(() -> Settings.from(env))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(variable + " cannot be used: ")
                .hasMessageContaining(". Set it to ");
    }

    @Test
    void unknownLogLevelIsNamed() {
        assertThatThrownBy(() -> Logging.setUp(Map.of("LOG_LEVEL", "loud")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("LOG_LEVEL", "loud", "debug");
    }
}
