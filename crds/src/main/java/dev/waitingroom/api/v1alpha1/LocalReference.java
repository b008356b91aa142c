package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Names an object of the same namespace.
 *
 * @param name a Kubernetes object name, 1..253 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LocalReference(
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @JsonPropertyDescription("Name of an object in the same namespace. Example: default.")
        String name) {}
