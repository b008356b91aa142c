package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observed state of a room. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the operator observed. Only the operator writes it.")
public record WaitingRoomStatus(
        @JsonPropertyDescription("The metadata.generation that this status describes. Example: 3.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready: visitors are served as the spec says. PolicySynced: Redis has the policy. GatewayReady: the gateway has ready pods.")
        List<Condition> conditions,

        @JsonPropertyDescription("Summary: Pending, Open, OnHold, Passing, Rejecting or Unavailable. Example: Open.")
        @Nullable
        Phase phase,

        @JsonPropertyDescription("The event id that visitors send. Example: evt_2025_1001.") @Nullable
        String eventId,

        @JsonPropertyDescription("The WaitingRoomGateway that serves the room. Example: default.") @Nullable
        String gateway,

        @JsonPropertyDescription("The policy in force. It differs from the spec only until it is synced.") @Nullable
        PolicyInForce policy,

        @JsonPropertyDescription("Visitors who wait. Example: 481.") @Nullable
        Long waiting,

        @JsonPropertyDescription("Visitors admitted since the line began. Example: 12034.") @Nullable
        Long admittedTotal,

        @JsonPropertyDescription("Visitors admitted a second, recently. Example: \"9.8\".") @Nullable
        String admissionRate,

        @JsonPropertyDescription(
                "Estimated wait of a visitor who joins now, in seconds. Absent if it is unknown. Example: 48.")
        @Nullable
        Long estimatedWaitSeconds,

        @JsonPropertyDescription("URL of the room's API inside the cluster. Example: http://default-gateway.shop.svc.")
        @Nullable
        String url,

        @JsonPropertyDescription(
                "The latest epoch of the line that the operator saw, in ms since 1970. An epoch begins when Redis lost a part of the line or has an older copy of it. Example: 1795521600000.")
        @Nullable
        Long epoch,

        @JsonPropertyDescription("The targets of spec.protect.targetRefs, as in the status of a Gateway API policy.")
        List<AncestorStatus> ancestors) {

    /** The status before the first observation. */
    public static final WaitingRoomStatus NONE = new WaitingRoomStatus(
            null, List.of(), null, null, null, null, null, null, null, null, null, null, List.of());

    public WaitingRoomStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        ancestors = ancestors == null ? List.of() : List.copyOf(ancestors);
    }

    /** The same with other ancestors. */
    public WaitingRoomStatus withAncestors(List<AncestorStatus> others) {
        return new WaitingRoomStatus(
                observedGeneration,
                conditions,
                phase,
                eventId,
                gateway,
                policy,
                waiting,
                admittedTotal,
                admissionRate,
                estimatedWaitSeconds,
                url,
                epoch,
                others);
    }

    /** A room's state in one word. */
    public enum Phase {
        /** Not yet served. */
        @JsonProperty("Pending")
        PENDING,
        /** Visitors wait and are admitted. */
        @JsonProperty("Open")
        OPEN,
        @JsonProperty("OnHold")
        ON_HOLD,
        @JsonProperty("Passing")
        PASSING,
        @JsonProperty("Rejecting")
        REJECTING,
        /** The room was served before, and now is not, or not as the spec says. The conditions have the reason. */
        @JsonProperty("Unavailable")
        UNAVAILABLE
    }

    /** The policy in Redis. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PolicyInForce(
            @JsonPropertyDescription("Visitors a period. Example: 10/s, or 5/60s.")
            String rate,

            @JsonPropertyDescription("Tokens in a full bucket. Example: 100.")
            Integer burst,

            @JsonPropertyDescription("As spec.admission.maxActive. Absent if there is no limit. Example: 500.")
            @Nullable
            Integer maxActive,

            @JsonPropertyDescription("As spec.mode. Example: Queue.") @Nullable
            Mode mode,

            @JsonPropertyDescription("As spec.waiting.ttlSeconds. Example: 300.") @Nullable
            Long ttlSeconds,

            @JsonPropertyDescription("As spec.waiting.turnTtlSeconds. Example: 900.") @Nullable
            Long turnTtlSeconds,

            @JsonPropertyDescription("As spec.waiting.maxLength. Absent if there is no limit. Example: 1000000.")
            @Nullable
            Long maxLength,

            @JsonPropertyDescription("As spec.reservation.ttlSeconds. Example: 120.") @Nullable
            Long reservationTtlSeconds,

            @JsonPropertyDescription("As spec.message. Absent if there is none. Example: Sold out.") @Nullable
            String message) {}
}
