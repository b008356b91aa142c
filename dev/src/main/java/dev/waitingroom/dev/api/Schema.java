package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.stream.Collectors;

/** The schema of a CustomResourceDefinition: fields, ranges, defaults. CEL rules are not evaluated. */
final class Schema {
    private final JsonNode openApi;
    private final JsonSchema rules;

    Schema(JsonNode openApi) {
        this.openApi = openApi;
        this.rules = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(withoutExtensions(openApi));
    }

    /** Removes the Kubernetes extensions, which JSON Schema does not know. */
    private static JsonNode withoutExtensions(JsonNode schema) {
        JsonNode result = schema.deepCopy();
        result.findParents("x-kubernetes-validations").forEach(Schema::dropExtensions);
        result.findParents("x-kubernetes-list-type").forEach(Schema::dropExtensions);
        result.findParents("x-kubernetes-int-or-string").forEach(Schema::dropExtensions);
        return result;
    }

    private static void dropExtensions(JsonNode schema) {
        ((ObjectNode) schema).properties().removeIf(field -> field.getKey().startsWith("x-kubernetes-"));
    }

    /** Applies the schema's defaults. */
    void fillIn(ObjectNode object) {
        fillIn(object, openApi);
    }

    private static void fillIn(ObjectNode object, JsonNode schema) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode otherwise = property.getValue().path("default");
            if (!object.has(property.getKey()) && !otherwise.isMissingNode()) {
                object.set(property.getKey(), otherwise.deepCopy());
            }
            if (object.path(property.getKey()) instanceof ObjectNode inner) {
                fillIn(inner, property.getValue());
            }
        }
    }

    /**
     * Validates the spec.
     *
     * @throws ApiException naming fields and ranges
     */
    void check(ObjectKey key, ObjectNode object) {
        String wrong = rules.validate(object).stream().map(Schema::say).sorted().collect(Collectors.joining(", "));
        if (!wrong.isEmpty()) {
            throw ApiException.invalid(key, wrong);
        }
    }

    private static String say(ValidationMessage message) {
        return message.getMessage().replaceFirst("^\\$\\.?", "");
    }

    /**
     * Refuses unknown fields, as strict field validation does.
     *
     * @throws ApiException naming the field
     */
    void checkFields(ObjectKey key, ObjectNode object) {
        checkFields(key, "spec", object.path("spec"), openApi.at("/properties/spec"));
    }

    private static void checkFields(ObjectKey key, String path, JsonNode value, JsonNode schema) {
        if (value instanceof ArrayNode array) {
            array.forEach(item -> checkFields(key, path + "[]", item, schema.path("items")));
        }
        JsonNode properties = schema.path("properties");
        if (!value.isObject() || !properties.isObject()) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String name = path + "." + field.getKey();
            if (!properties.has(field.getKey())) {
                throw ApiException.badRequest(key + ": strict decoding error: unknown field \"" + name + "\"");
            }
            checkFields(key, name, field.getValue(), properties.path(field.getKey()));
        }
    }
}
