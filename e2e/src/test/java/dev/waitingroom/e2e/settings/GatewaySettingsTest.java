package dev.waitingroom.e2e.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.ops.Settings;
import dev.waitingroom.gateway.ops.SettingsException;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatewaySettingsTest {
    private static final JSONSchemaProps SPEC = spec();
    private static final JSONSchemaProps CLIENTS = field(SPEC, "clients");

    @TempDir
    Path keys;

    /** A number that the operator hands on from a field of the spec. */
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
    void areTheDefaultsOfTheSpecWhereNothingIsSaid(WholeNumber number) {
        assertThat(number.setting.applyAsLong(Settings.from(environment(Map.of()))))
                .isEqualTo(number.field.getDefault().asLong());
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void mayBeWhatTheSpecAllowsAndNothingElse(WholeNumber number) {
        long least = number.field.getMinimum().longValue();
        long most = number.field.getMaximum().longValue();

        assertThat(number.setting.applyAsLong(Settings.from(set(number, least))))
                .isEqualTo(least);
        assertThat(number.setting.applyAsLong(Settings.from(set(number, most)))).isEqualTo(most);
        assertThatThrownBy(() -> Settings.from(set(number, least - 1))).isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> Settings.from(set(number, most + 1))).isInstanceOf(SettingsException.class);
    }

    @Test
    void readTheSameHeaders() {
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

    private Map<String, String> set(WholeNumber number, long value) {
        return environment(Map.of(number.variable, Long.toString(value)));
    }

    private Map<String, String> environment(Map<String, String> more) {
        var environment = new HashMap<>(Map.of(
                "FLEET",
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
