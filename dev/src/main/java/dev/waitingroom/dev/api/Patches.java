package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.Map;

/** JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396). */
final class Patches {
    private Patches() {}

    /** @throws ApiException if a test of the patch fails, or the object does not have the path */
    static ObjectNode json(ObjectKey key, ObjectNode object, JsonNode patch) {
        try {
            return (ObjectNode) JsonPatch.apply(patch, object);
        } catch (JsonPatchException e) {
            throw ApiException.invalid(key, String.valueOf(e.getMessage()));
        }
    }

    static ObjectNode merge(ObjectNode object, JsonNode patch) {
        ObjectNode result = object.deepCopy();
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                result.remove(field.getKey());
            } else if (value.isObject()) {
                ObjectNode inner =
                        result.path(field.getKey()) instanceof ObjectNode there ? there : object.objectNode();
                result.set(field.getKey(), merge(inner, value));
            } else {
                result.set(field.getKey(), value.deepCopy());
            }
        }
        return result;
    }
}
