package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;

/**
 * A subset of server-side apply. A manager owns the fields that it applied last. A field that it no longer applies is removed, unless another
 * manager applied it too. All other fields stay. Conflicts are always forced, and a list is one field.
 */
final class ServerSideApply {
    private ServerSideApply() {}

    /**
     * The object after the apply.
     *
     * @param there the current object; not changed
     * @param wanted the object that the manager applies now
     * @param before the object that it applied last, or an empty one
     * @param others the objects that the other managers applied last
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
