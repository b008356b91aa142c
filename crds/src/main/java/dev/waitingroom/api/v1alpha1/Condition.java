package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One aspect of an object's state, by the Kubernetes API conventions. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Required @JsonPropertyDescription("What it is about. Example: Ready.")
        String type,

        @Required @JsonPropertyDescription("True, False, or Unknown where it cannot be told. Example: True.")
        ConditionStatus status,

        @JsonPropertyDescription("The object's metadata.generation that it was said of. Example: 3.")
        Long observedGeneration,

        @Required @JsonPropertyDescription("When status last changed, RFC 3339 in UTC. Example: 2026-11-24T10:00:00Z.")
        String lastTransitionTime,

        @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @Size(min = 1, max = 1024)
        @JsonPropertyDescription("Why, as one CamelCase word that programs may compare. Example: EventIdTaken.")
        String reason,

        @Required @Size(max = 32768) @JsonPropertyDescription("Why, for a person, and what to do about it.")
        String message) {}
