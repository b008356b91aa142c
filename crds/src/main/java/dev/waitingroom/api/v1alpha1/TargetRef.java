package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Names a route that a room protects, in the form of a Gateway API policy. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "(self.group == 'networking.k8s.io') == (self.kind == 'Ingress')",
        message =
                "group must be networking.k8s.io for an Ingress, and gateway.networking.k8s.io for an HTTPRoute or a Gateway",
        fieldPath = ".group")
public record TargetRef(
        @Required
        @JsonPropertyDescription(
                "API group of the target: gateway.networking.k8s.io, or networking.k8s.io for an Ingress. Example: gateway.networking.k8s.io.")
        Group group,

        @Required @JsonPropertyDescription("HTTPRoute, Gateway or Ingress. Example: HTTPRoute.")
        Kind kind,

        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @JsonPropertyDescription("Name of the target. Example: shop.")
        String name,

        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription(
                "Namespace of the target. Another namespace than the room's needs a ReferenceGrant there, from WaitingRoom to the target's kind. Default: the room's namespace. Example: web.")
        @Nullable
        String namespace) {
    /** The API groups of the kinds. */
    public enum Group {
        @JsonProperty("gateway.networking.k8s.io")
        GATEWAY_API("gateway.networking.k8s.io"),
        @JsonProperty("networking.k8s.io")
        NETWORKING("networking.k8s.io");

        private final String value;

        Group(String value) {
            this.value = value;
        }

        /** As in an {@code apiVersion}. */
        public String value() {
            return value;
        }
    }

    /** What can be protected. */
    public enum Kind {
        @JsonProperty("HTTPRoute")
        HTTP_ROUTE("HTTPRoute"),
        @JsonProperty("Gateway")
        GATEWAY("Gateway"),
        @JsonProperty("Ingress")
        INGRESS("Ingress");

        private final String value;

        Kind(String value) {
            this.value = value;
        }

        /** As in {@code kind}. */
        public String value() {
            return value;
        }
    }
}
