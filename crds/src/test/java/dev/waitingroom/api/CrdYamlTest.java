package dev.waitingroom.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomGatewaySpec;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrdYamlTest {
    private static final String ROOMS = "waitingrooms.waitingroom.dev";
    private static final String GATEWAYS = "waitingroomgateways.waitingroom.dev";

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void documentsEveryField(String name) {
        var undocumented = new ArrayList<String>();
        walk("", schema(name), (path, field) -> {
            if (field.getDescription() == null || field.getDescription().isBlank()) {
                undocumented.add(path);
            }
        });

        assertThat(undocumented).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void givesAnExampleOfEverySpecField(String name) {
        var without = new ArrayList<String>();
        walk("spec", property(schema(name), "spec"), (path, field) -> {
            if (!field.getDescription().contains("Example: ")) {
                without.add(path);
            }
        });

        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void saysInWordsTheDefaultThatItHas(String name) {
        var wrong = new ArrayList<String>();
        walk("spec", property(schema(name), "spec"), (path, field) -> {
            JsonNode value = field.getDefault();
            if (value != null && value.isValueNode()) {
                if (!field.getDescription().contains("Default: " + value.asText() + ".")) {
                    wrong.add(path);
                }
            }
        });

        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void boundsEveryNumberOfASpec(String name) {
        var unbounded = new ArrayList<String>();
        walk("spec", property(schema(name), "spec"), (path, field) -> {
            if ("integer".equals(field.getType()) && (field.getMinimum() == null || field.getMaximum() == null)) {
                unbounded.add(path);
            }
        });

        assertThat(unbounded).isEmpty();
    }

    @Test
    void hasNoDefaultForWhatOnlyTheUserKnows() {
        JSONSchemaProps admission = property(schema(ROOMS), "spec", "admission");

        assertThat(admission.getRequired()).containsExactlyInAnyOrder("rate", "burst");
        assertThat(property(admission, "rate").getDefault()).isNull();
        assertThat(property(admission, "burst").getDefault()).isNull();
        assertThat(schema(ROOMS).getRequired()).containsExactly("spec");
        assertThat(property(schema(ROOMS), "spec").getRequired()).containsExactly("admission");
    }

    @Test
    void defaultsARoomAsTheJavaModelDoes() {
        WaitingRoomSpec bare = Serialization.unmarshal("admission: {rate: 1, burst: 1}", WaitingRoomSpec.class);
        JSONSchemaProps spec = property(schema(ROOMS), "spec");

        for (String field : List.of("mode", "waiting", "reservation", "gatewayRef")) {
            assertThat(property(spec, field).getDefault())
                    .as(field)
                    .isEqualTo(tree(bare).get(field));
        }
    }

    @Test
    void defaultsAGatewayAsTheJavaModelDoes() {
        JSONSchemaProps spec = property(schema(GATEWAYS), "spec");

        tree(WaitingRoomGatewaySpec.DEFAULT)
                .properties()
                .forEach(field -> assertThat(property(spec, field.getKey()).getDefault())
                        .as(field.getKey())
                        .isEqualTo(field.getValue()));
        assertThat(spec.getDefault()).isEmpty();
    }

    @Test
    void readsAGatewayWithoutASpecAsOneOfAllDefaults() {
        var bare = Serialization.unmarshal(
                "apiVersion: waitingroom.dev/v1alpha1\nkind: WaitingRoomGateway\nmetadata: {name: default}",
                WaitingRoomGateway.class);

        assertThat(bare.getSpec()).isEqualTo(WaitingRoomGatewaySpec.DEFAULT);
    }

    @Test
    void showsWhatAnOperatorAsksInOrderWithin100Characters() {
        assertThat(columns(ROOMS)).containsExactly("Phase", "Rate", "Burst", "Waiting", "Admitted/s", "Wait(s)", "Age");
        assertThat(columns(GATEWAYS)).containsExactly("Rooms", "Ready", "Status", "Requests/s", "Age");

        // A name of 24 characters, three blanks between columns, numbers of eight digits if the heading is shorter, and
        // the longest phase.
        int width = 24;
        for (String column : columns(ROOMS)) {
            width += 3
                    + switch (column) {
                        case "Phase" -> "Unavailable".length();
                        case "Waiting", "Burst" -> 8;
                        default -> Math.max(column.length(), 5);
                    };
        }
        assertThat(width).isLessThanOrEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void staysWhenAllIsDeleted(String name) {
        assertThat(crd(name).getSpec().getNames().getCategories()).containsExactly("waitingroom");
    }

    /** Without the pattern, the error appears later and far from its author: the API server refuses the Deployment. */
    @ParameterizedTest
    @CsvSource({
        "abc,false",
        "1x,false",
        "-1,false",
        "1.,false",
        "'',false",
        "2,true",
        "0.5,true",
        "500m,true",
        "512Mi,true",
        "1e3,true",
        "5k,true"
    })
    void takesQuantitiesOnly(String text, boolean taken) {
        for (String part : List.of("requests", "limits")) {
            String pattern = property(schema(GATEWAYS), "spec", "resources", part)
                    .getAdditionalProperties()
                    .getSchema()
                    .getPattern();

            assertThat(Pattern.matches(pattern, text)).isEqualTo(taken);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,true",
        "10.1.2.3,true",
        "0.0.0.0/0,true",
        "10.0.0.0/32,true",
        "fd00::/8,true",
        "::/0,true",
        "::1,true",
        "2001:db8::ff00:42:8329/128,true",
        "::ffff:10.0.0.1,true",
        "10.0.0.0/33,false",
        "10.0.0/8,false",
        "10.0.0.256,false",
        "999.1.1.1/8,false",
        "fd00::/129,false",
        "ingress.example,false",
        "10.0.0.0/,false"
    })
    void takesAddressesAndRangesOfProxiesOnly(String text, boolean taken) {
        String pattern = property(schema(GATEWAYS), "spec", "clients", "trustedProxies")
                .getItems()
                .getSchema()
                .getPattern();

        assertThat(Pattern.matches(pattern, text)).isEqualTo(taken);
    }

    @Test
    void canBeScaledByItsFewestPods() {
        var subresources = version(GATEWAYS).getSubresources();

        assertThat(subresources.getScale().getSpecReplicasPath()).isEqualTo(".spec.replicas.min");
        assertThat(subresources.getScale().getStatusReplicasPath()).isEqualTo(".status.replicas");
        assertThat(subresources.getScale().getLabelSelectorPath()).isEqualTo(".status.selector");
        assertThat(subresources.getStatus()).isNotNull();
        assertThat(version(ROOMS).getSubresources().getStatus()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOMS, GATEWAYS})
    void keepsConditionsAsAMapByType(String name) {
        JSONSchemaProps conditions = property(schema(name), "status", "conditions");

        assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
        assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
        assertThat(property(conditions.getItems().getSchema(), "status").getEnum())
                .extracting(JsonNode::textValue)
                .containsExactlyInAnyOrder("True", "False", "Unknown");
    }

    @Test
    void refusesWhatCrossesFields() {
        assertThat(rules(schema(ROOMS))).anyMatch(rule -> rule.contains("oldSelf.spec.eventId"));
        assertThat(rules(property(schema(ROOMS), "spec"))).contains("self.gatewayRef.name == oldSelf.gatewayRef.name");
        assertThat(rules(property(schema(ROOMS), "spec", "admission"))).anyMatch(rule -> rule.contains("self.burst"));
        assertThat(rules(property(schema(ROOMS), "spec", "protect", "targetRefs")
                        .getItems()
                        .getSchema()))
                .containsExactly("(self.group == 'networking.k8s.io') == (self.kind == 'Ingress')");
        assertThat(rules(property(schema(GATEWAYS), "spec", "replicas"))).containsExactly("self.min <= self.max");
    }

    private static List<String> rules(JSONSchemaProps schema) {
        return schema.getXKubernetesValidations().stream()
                .map(ValidationRule::getRule)
                .toList();
    }

    private static List<String> columns(String name) {
        return version(name).getAdditionalPrinterColumns().stream()
                .filter(column -> column.getPriority() == null || column.getPriority() == 0)
                .map(CustomResourceColumnDefinition::getName)
                .toList();
    }

    private static JsonNode tree(Object value) {
        return new ObjectMapper().valueToTree(value);
    }

    private interface Visit {
        void field(String path, JSONSchemaProps schema);
    }

    private static void walk(String path, JSONSchemaProps schema, Visit visit) {
        schema.getProperties().forEach((name, field) -> {
            visit.field(path + "." + name, field);
            walk(path + "." + name, field, visit);
        });
        if (schema.getItems() != null) {
            walk(path + "[]", schema.getItems().getSchema(), visit);
        }
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String... path) {
        JSONSchemaProps at = schema;
        for (String name : path) {
            at = Objects.requireNonNull(at.getProperties().get(name), name);
        }
        return at;
    }

    private static JSONSchemaProps schema(String name) {
        return version(name).getSchema().getOpenAPIV3Schema();
    }

    private static CustomResourceDefinitionVersion version(String name) {
        return crd(name).getSpec().getVersions().get(0);
    }

    private static CustomResourceDefinition crd(String name) {
        try (InputStream yaml = CrdYamlTest.class.getResourceAsStream("/META-INF/fabric8/" + name + "-v1.yml")) {
            return Serialization.unmarshal(Objects.requireNonNull(yaml), CustomResourceDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
