package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found of a gateway. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the operator found; written by it alone.")
public record WaitingRoomGatewayStatus(
        @JsonPropertyDescription("The metadata.generation that this status was made of. Example: 3.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready (pods serve), RedisReachable (the operator reaches the gateway's Redis, and can use it), RedisSafe (Redis deletes no keys when its memory is full), Progressing (pods are being replaced or added), DeletionHeld (only while it is being deleted: rooms name it, so it stays).")
        List<Condition> conditions,

        @JsonPropertyDescription("Rooms on the gateway's list. Example: 12.") @Nullable
        Integer rooms,

        @StatusReplicas @JsonPropertyDescription("Pods that exist. Example: 3.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Pods that are ready, of those that there should be now. Example: 2/3.") @Nullable
        String podsReady,

        @JsonPropertyDescription("Pods of the newest template. Example: 3.") @Nullable
        Integer updatedReplicas,

        @JsonPropertyDescription("Pods that the demand calls for, within spec.replicas. Example: 4.") @Nullable
        Integer desiredReplicas,

        @JsonPropertyDescription("HTTP requests a second that all pods serve. Example: 8200.") @Nullable
        Long requestsPerSecond,

        @JsonPropertyDescription("What each pod says it really runs. At most 200.")
        List<Pod> pods,

        @JsonPropertyDescription("Where the API is inside the cluster. Example: http://default-gateway.shop.svc.")
        @Nullable
        String url,

        @LabelSelector
        @JsonPropertyDescription(
                "Selects the pods; what kubectl scale and autoscalers read. Example: waitingroom.dev/gateway=default.")
        @Nullable
        String selector,

        @JsonPropertyDescription(
                "The id of the key that signs tickets, in Secret NAME-keys. By it the operator knows that keys are lost. Example: 3f2c6a1e-0d5b-4c53-9a44-2f0c6f6f8f10.")
        @Nullable
        String ticketKeyId) {

    /** Nothing is known. */
    public static final WaitingRoomGatewayStatus NONE = new WaitingRoomGatewayStatus(
            null, List.of(), null, null, null, null, null, null, List.of(), null, null, null);

    public WaitingRoomGatewayStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        pods = pods == null ? List.of() : List.copyOf(pods);
    }

    /** One pod, by its own report. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pod(
            @Required @JsonPropertyDescription("The pod's name. Example: default-gateway-7c9f-x2x1p.")
            String name,

            @JsonPropertyDescription("The build that it runs. Example: 0.1.0.")
            String version,

            @JsonPropertyDescription("Rooms that it serves. Example: 12.")
            Integer rooms,

            @JsonPropertyDescription(
                    "Events of which it serves an older policy than Redis should hold; at most ten are named. Empty is well. Example: [evt_2025_1001].")
            List<String> outdated) {
        public Pod {
            outdated = outdated == null ? List.of() : List.copyOf(outdated);
        }
    }
}
