package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed state of a gateway. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the operator observed. Only the operator writes it.")
public record WaitingRoomGatewayStatus(
        @JsonPropertyDescription("The metadata.generation that this status describes. Example: 3.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready: pods serve. RedisReachable: the operator can connect to the gateway's Redis and use it. RedisSafe: Redis deletes no keys when its memory is full. Progressing: pods are being replaced or added. DeletionHeld, only during deletion: rooms still name the gateway, so it stays.")
        List<Condition> conditions,

        @JsonPropertyDescription("Rooms on the gateway's list. Example: 12.") @Nullable
        Integer rooms,

        @StatusReplicas @JsonPropertyDescription("Pods that exist. Example: 3.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Ready pods and desired pods. Example: 2/3.") @Nullable
        String podsReady,

        @JsonPropertyDescription("Pods of the newest template. Example: 3.") @Nullable
        Integer updatedReplicas,

        @JsonPropertyDescription("Pods that the demand needs, within spec.replicas. Example: 4.") @Nullable
        Integer desiredReplicas,

        @JsonPropertyDescription("HTTP requests a second over all pods. Example: 8200.") @Nullable
        Long requestsPerSecond,

        @JsonPropertyDescription("What each pod reports about itself. At most 200.")
        List<Pod> pods,

        @JsonPropertyDescription("URL of the API inside the cluster. Example: http://default-gateway.shop.svc.")
        @Nullable
        String url,

        @LabelSelector
        @JsonPropertyDescription(
                "Label selector of the pods, for kubectl scale and autoscalers. Example: waitingroom.dev/gateway=default.")
        @Nullable
        String selector,

        @JsonPropertyDescription(
                "Id of the key that signs tickets, in the Secret NAME-keys. It shows the operator that keys are lost. Example: 3f2c6a1e-0d5b-4c53-9a44-2f0c6f6f8f10.")
        @Nullable
        String ticketKeyId) {

    /** The status before the first observation. */
    public static final WaitingRoomGatewayStatus NONE = new WaitingRoomGatewayStatus(
            null, List.of(), null, null, null, null, null, null, List.of(), null, null, null);

    public WaitingRoomGatewayStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        pods = pods == null ? List.of() : List.copyOf(pods);
    }

    /** A pod's report about itself. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pod(
            @Required @JsonPropertyDescription("The pod's name. Example: default-gateway-7c9f-x2x1p.")
            String name,

            @JsonPropertyDescription("Version of the pod's build. Example: 0.1.0.")
            String version,

            @JsonPropertyDescription("Rooms that the pod serves. Example: 12.")
            Integer rooms,

            @JsonPropertyDescription(
                    "Events for which the pod still serves an older policy. At most ten are named. An empty list is normal. Example: [evt_2025_1001].")
            List<String> outdated) {
        public Pod {
            outdated = outdated == null ? List.of() : List.copyOf(outdated);
        }
    }
}
