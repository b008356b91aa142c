package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Objects;

/** A target as the API server has it. */
record RouteTarget(TargetId id, GenericKubernetesResource object) {
    /** Its fields, but for the metadata. */
    Map<String, Object> tree() {
        return object.getAdditionalProperties();
    }

    /** The value of an annotation; empty if it is absent. */
    String annotation(String name) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? "" : Objects.requireNonNullElse(annotations.get(name), "");
    }
}
