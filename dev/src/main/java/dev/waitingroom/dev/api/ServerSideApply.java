package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;

/**
 * Server-side apply, smaller than the real one: a manager's fields are those of what it applied last. Fields that it no longer names are
 * removed unless another manager applied them too; all others stay. Conflicts are always forced, and a list is one field.
 */
final class ServerSideApply {
    private ServerSideApply() {}

    /**
     * Gives what the object becomes.
     *
     * @param there the object as it is; not changed
     * @param wanted what the manager applies now
     * @param before what it applied last, or an empty object
     * @param others what the other managers applied last
     */
    static ObjectNode apply(ObjectNode there, ObjectNode wanted, ObjectNode before, Collection<ObjectNode> others) {
        ObjectNode result = there.deepCopy();
        drop(result, before, wanted, others.toArray(JsonNode[]::new));
        merge(result, wanted);
        return result;
    }

    private static void drop(ObjectNode target, JsonNode before, JsonNode wanted, JsonNode... others) {
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            String name = field.getKey();
            JsonNode stays = wanted.path(name);
            JsonNode[] otherFields = new JsonNode[others.length];
            boolean shared = false;
            for (int i = 0; i < others.length; i++) {
                otherFields[i] = others[i].path(name);
                shared |= !otherFields[i].isMissingNode();
            }
            if (field.getValue().isObject() && target.path(name) instanceof ObjectNode inner) {
                drop(inner, field.getValue(), stays, otherFields);
                if (inner.isEmpty() && stays.isMissingNode() && !shared) {
                    target.remove(name);
                }
            } else if (stays.isMissingNode() && !shared) {
                target.remove(name);
            }
        }
    }

    private static void merge(ObjectNode target, JsonNode wanted) {
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            if (field.getValue().isObject() && target.path(field.getKey()) instanceof ObjectNode inner) {
                merge(inner, field.getValue());
            } else if (!field.getValue().isNull()) {
                target.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
