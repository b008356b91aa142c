package dev.waitingroom.e2e.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.queue.settings.SettingsException;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
    private static final Path SCHEMA = Path.of("../charts/waitingroom-operator/values.schema.json");
    private static final JSONSchemaProps SPEC = spec();
    private static final JSONSchemaProps CLIENTS = field(SPEC, "clients");

    @TempDir
    Path keys;

    /** A number that the operator copies from a field of the spec. */
    record WholeNumber(String variable, JSONSchemaProps field, ToLongFunction<Settings> setting) {
        @Override
        public String toString() {
            return variable;
        }
    }

    static Stream<WholeNumber> numbers() {
        return Stream.of(
                new WholeNumber(
                        "CLIENT_REQUESTS_PER_SECOND",
                        field(CLIENTS, "requestsPerSecond"),
                        settings -> settings.clients().requestsPerSecond()),
                new WholeNumber(
                        "DRAIN_SECONDS",
                        field(SPEC, "drainSeconds"),
                        settings -> settings.drain().toSeconds()));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void defaultsAgreeWithTheSpec(WholeNumber number) {
        assertThat(number.setting.applyAsLong(Settings.from(environment(Map.of()))))
                .isEqualTo(number.field.getDefault().asLong());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void limitsAgreeWithTheSpec(WholeNumber number) {
        long least = number.field.getMinimum().longValue();
        long most = number.field.getMaximum().longValue();

        assertThat(number.setting.applyAsLong(Settings.from(set(number, least))))
                .isEqualTo(least);
        assertThat(number.setting.applyAsLong(Settings.from(set(number, most)))).isEqualTo(most);
        assertThatThrownBy(() -> Settings.from(set(number, least - 1))).isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> Settings.from(set(number, most + 1))).isInstanceOf(SettingsException.class);
    }

    @Test
    void keepAliveLimitAgreesWithTheSpec() {
        JSONSchemaProps field = field(CLIENTS, "keepAliveSeconds");
        var keepAlive = new WholeNumber(
                "KEEP_ALIVE_SECONDS", field, settings -> settings.keepAlive().toSeconds());

        limitsAgreeWithTheSpec(keepAlive);
        // The default depends on whether there are proxies, so the process sets it.
        assertThat(field.getDefault()).isNull();
        assertThat(field.getDescription()).contains("Default: 620 with trustedProxies, 75 without");
        assertThat(Settings.from(environment(Map.of("TRUSTED_PROXIES", "10.0.0.0/8")))
                        .keepAlive())
                .hasSeconds(620);
        assertThat(Settings.from(environment(Map.of())).keepAlive()).hasSeconds(75);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://shop.example",
                "http://localhost:3000",
                "http://[::1]:3000",
                "capacitor://localhost",
                "https://shop.example/",
                "https://Shop.example",
                "https://*.shop.example",
                "https://shop.example:port",
                "//shop.example",
                "shop.example",
                "null"
            })
    void acceptedOriginsAgreeWithTheSpec(String origin) {
        String pattern =
                field(field(SPEC, "cors"), "origins").getItems().getSchema().getPattern();
        var environment = environment(Map.of("CORS_ALLOWED_ORIGINS", origin));

        if (origin.matches(pattern)) {
            assertThat(Settings.from(environment).origins().allow(origin)).isTrue();
        } else {
            assertThatThrownBy(() -> Settings.from(environment)).isInstanceOf(SettingsException.class);
        }
    }

    @Test
    void clientHeadersAgreeWithTheSpec() {
        JSONSchemaProps header = field(CLIENTS, "addressHeader");

        assertThat(AddressHeader.names())
                .containsExactlyInAnyOrderElementsOf(
                        header.getEnum().stream().map(JsonNode::asText).toList());
        assertThat(Settings.from(environment(Map.of()))
                        .clients()
                        .proxies()
                        .header()
                        .header())
                .isEqualTo(header.getDefault().asText());
    }

    /** Chart, operator and gateway must accept the same URLs. Otherwise pods do not start. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://r:6379/1",
                "rediss://r",
                "redis-sentinel://a:1,b:2/0#main",
                "rediss-sentinel://a:1,b:2#main",
                "redis-cluster://a:1,b:2",
                "rediss-cluster://a:1"
            })
    void acceptedRedisUrlsAgreeWithChartAndOperator(String url) throws IOException {
        JsonNode schema = Serialization.unmarshal(Files.readString(SCHEMA), JsonNode.class);
        String pattern = schema.at("/properties/redis/properties/url/pattern").asText();

        assertThat(url).matches(pattern);
        assertThat(new RedisLocation(url, Optional.empty(), Optional.empty(), Optional.empty()).url())
                .isEqualTo(url);
        assertThat(Settings.from(environment(Map.of("REDIS_URL", url))).redis().url())
                .isEqualTo(url);
    }

    private Map<String, String> set(WholeNumber number, long value) {
        return environment(Map.of(number.variable, Long.toString(value)));
    }

    private Map<String, String> environment(Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "GATEWAY",
                "shop/default",
                "POD_NAME",
                "pod",
                "REDIS_URL",
                "redis://localhost",
                "KEYS_DIR",
                keys.toString()));
        environment.putAll(more);
        return environment;
    }

    private static JSONSchemaProps spec() {
        String file = "/META-INF/fabric8/" + new WaitingRoomGateway().getCRDName() + "-v1.yml";
        CustomResourceDefinition crd = Serialization.unmarshal(
                WaitingRoomGateway.class.getResourceAsStream(file), CustomResourceDefinition.class);
        return field(crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), "spec");
    }

    private static JSONSchemaProps field(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }
}
