package dev.waitingroom.e2e.reference;

import static dev.waitingroom.e2e.reference.Table.code;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of both kinds, as their generated CRDs have them. */
final class CrdReference {
    private CrdReference() {}

    static String page() {
        return """
                <!-- Generated from the code by `make docs`. Do not edit. -->

                # The kinds

                `[]` after a field means a list. `*` stands for any key of a map.
                """ + kind(WaitingRoom.class) + kind(WaitingRoomGateway.class);
    }

    private static String kind(Class<? extends HasMetadata> kind) {
        CustomResourceDefinition crd = Serialization.unmarshal(
                kind.getResourceAsStream("/META-INF/fabric8/" + HasMetadata.getFullResourceName(kind) + "-v1.yml"),
                CustomResourceDefinition.class);
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        var names = crd.getSpec().getNames();

        var columns = new Table("Column", "Field");
        version.getAdditionalPrinterColumns()
                .forEach(column ->
                        columns.row(column.getName(), code(column.getJsonPath().substring(1))));
        return """

                ## %s

                %s

                `apiVersion: %s/%s`, `kind: %s`, short name `%s`, %s.

                ### %1$s: spec

                %s
                ### %1$s: status

                %s
                ### %1$s: columns of kubectl get

                %s""".formatted(
                        names.getKind(),
                        root.getDescription(),
                        crd.getSpec().getGroup(),
                        version.getName(),
                        names.getKind(),
                        String.join("`, `", names.getShortNames()),
                        crd.getSpec().getScope().equals("Namespaced") ? "in a namespace" : "for the whole cluster",
                        spec(root),
                        status(root),
                        columns);
    }

    private static String spec(JSONSchemaProps root) {
        var fields = new Table("Field", "Type", "Default", "Allowed", "Meaning");
        var rules = new ArrayList<String>();
        walk(
                "spec",
                property(root, "spec"),
                false,
                rules,
                (path, field, required) -> fields.row(
                        code(path),
                        type(field),
                        required ? "required" : value(field.getDefault()),
                        allowed(field),
                        description(field)));
        if (rules.isEmpty()) {
            return fields.toString();
        }
        return fields + "\nThe API server refuses objects that break one of these rules:\n\n"
                + rules.stream().map(rule -> "- " + rule + "\n").collect(Collectors.joining());
    }

    private static Table status(JSONSchemaProps root) {
        var fields = new Table("Field", "Type", "Meaning");
        walk(
                "status",
                property(root, "status"),
                false,
                new ArrayList<>(),
                (path, field, required) -> fields.row(code(path), type(field), description(field)));
        return fields;
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(String path, JSONSchemaProps field, boolean required);
    }

    /** Visits the schema and all below it, parents first. */
    private static void walk(
            String path, JSONSchemaProps schema, boolean required, List<String> rules, Visitor visitor) {
        visitor.visit(path, schema, required);
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            rules.add(code(path) + ": " + rule.getMessage() + ".");
        }
        JSONSchemaProps inner = schema;
        String prefix = path;
        if (schema.getItems() != null) {
            inner = schema.getItems().getSchema();
            prefix = path + "[]";
        } else if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            inner = schema.getAdditionalProperties().getSchema();
            prefix = path + ".*";
        }
        List<String> mandatory = inner.getRequired();
        for (var entry : inner.getProperties().entrySet()) {
            walk(prefix + "." + entry.getKey(), entry.getValue(), mandatory.contains(entry.getKey()), rules, visitor);
        }
    }

    private static String type(JSONSchemaProps field) {
        if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
            return "quantity";
        }
        if (field.getItems() != null) {
            return "list of " + type(field.getItems().getSchema());
        }
        if (field.getAdditionalProperties() != null
                && field.getAdditionalProperties().getSchema() != null) {
            return "map of " + type(field.getAdditionalProperties().getSchema());
        }
        return field.getFormat() == null ? field.getType() : field.getType() + " (" + field.getFormat() + ")";
    }

    private static String allowed(JSONSchemaProps field) {
        JSONSchemaProps items =
                field.getItems() == null ? field : field.getItems().getSchema();
        String values = Stream.ofNullable(items.getEnum())
                .flatMap(List::stream)
                .map(JsonNode::asText)
                .map(Table::code)
                .collect(Collectors.joining(", "));
        return Stream.of(
                        values,
                        range("", items.getMinimum(), items.getMaximum()),
                        range("characters: ", items.getMinLength(), items.getMaxLength()),
                        range("entries: ", field.getMinItems(), field.getMaxItems()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String range(String what, @Nullable Number min, @Nullable Number max) {
        if (min != null && max != null) {
            return what + number(min) + " to " + number(max);
        }
        if (min != null) {
            return what + "at least " + number(min);
        }
        return max == null ? "" : what + "at most " + number(max);
    }

    private static String number(Number number) {
        return number.doubleValue() == number.longValue() ? Long.toString(number.longValue()) : number.toString();
    }

    private static String value(@Nullable JsonNode value) {
        return value == null ? "" : code(value.isValueNode() ? value.asText() : value.toString());
    }

    private static String description(JSONSchemaProps field) {
        return Objects.requireNonNullElse(field.getDescription(), "").replace("<", "&lt;");
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }
}
