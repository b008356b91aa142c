package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One aspect of an object's state, by the Kubernetes API conventions. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Required @JsonPropertyDescription("The aspect of the object. Example: Ready.")
        String type,

        @Required @JsonPropertyDescription("True, False or Unknown. Example: True.")
        ConditionStatus status,

        @JsonPropertyDescription("The object's metadata.generation that the condition describes. Example: 3.")
        Long observedGeneration,

        @Required @JsonPropertyDescription("When status last changed, RFC 3339 in UTC. Example: 2026-11-24T10:00:00Z.")
        String lastTransitionTime,

        @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription("The cause as one CamelCase word, for programs. Example: EventIdTaken.")
        String reason,

        @Required @Size(max = 32768) @JsonPropertyDescription("The cause for a person, and what to do about it.")
        String message) {}
