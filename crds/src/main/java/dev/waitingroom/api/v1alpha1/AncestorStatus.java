package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** The state of one target of {@code spec.protect.targetRefs}, in the form of a Gateway API policy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AncestorStatus(
        @Required @JsonPropertyDescription("The target.") AncestorRef ancestorRef,

        @Required @JsonPropertyDescription("Always waitingroom.dev/operator.")
        String controllerName,

        @JsonPropertyDescription(
                "Accepted: the target's controller can ask the room, and nothing is in the way. ResolvedRefs: target and gateway exist, and may be referred to. Programmed: the target asks the room.")
        List<Condition> conditions) {
    /** The operator, as Gateway API names controllers. */
    public static final String CONTROLLER_NAME = "waitingroom.dev/operator";

    public AncestorStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** A target. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AncestorRef(
            @Required @JsonPropertyDescription("API group of the target. Example: gateway.networking.k8s.io.")
            String group,

            @Required @JsonPropertyDescription("Kind of the target. Example: HTTPRoute.")
            String kind,

            @Required @JsonPropertyDescription("Namespace of the target. Example: web.")
            String namespace,

            @Required @JsonPropertyDescription("Name of the target. Example: shop.")
            String name) {}
}
