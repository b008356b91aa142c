package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec.Mode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found of a room. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the operator found; written by it alone.")
public record WaitingRoomStatus(
        @JsonPropertyDescription("The metadata.generation that this status was made of. Example: 3.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Ready (visitors are served as the spec says), PolicySynced (Redis holds the policy), GatewayReady (the gateway has ready pods).")
        List<Condition> conditions,

        @JsonPropertyDescription(
                "All in one word: Pending, Open, OnHold, Passing, Rejecting, Unavailable. Example: Open.")
        @Nullable
        Phase phase,

        @JsonPropertyDescription("The event that visitors name. Example: evt_2025_1001.") @Nullable
        String eventId,

        @JsonPropertyDescription("The WaitingRoomGateway that serves the room. Example: default.") @Nullable
        String gateway,

        @JsonPropertyDescription("The policy in force; differs from the spec only until it is synced.") @Nullable
        PolicyInForce policy,

        @JsonPropertyDescription("How many wait. Example: 481.") @Nullable
        Long waiting,

        @JsonPropertyDescription("How many were admitted since the line began. Example: 12034.") @Nullable
        Long admittedTotal,

        @JsonPropertyDescription("Visitors admitted a second, lately. Example: \"9.8\".") @Nullable
        String admissionRate,

        @JsonPropertyDescription(
                "How long one who joined now would wait, in seconds; absent where it cannot be told. Example: 48.")
        @Nullable
        Long estimatedWaitSeconds,

        @JsonPropertyDescription(
                "Where the room's API is inside the cluster. Example: http://default-gateway.shop.svc.")
        @Nullable
        String url,

        @JsonPropertyDescription(
                "The latest epoch of the line that was seen, in ms since 1970: one begins whenever Redis lost some of the line, or holds an older copy of it. Example: 1795521600000.")
        @Nullable
        Long epoch) {

    /** Nothing is known. */
    public static final WaitingRoomStatus NONE =
            new WaitingRoomStatus(null, List.of(), null, null, null, null, null, null, null, null, null, null);

    public WaitingRoomStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
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
        /** Was served, and now is not, or not as the spec says; the conditions say why. */
        @JsonProperty("Unavailable")
        UNAVAILABLE
    }

    /** The policy that Redis holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PolicyInForce(
            @JsonPropertyDescription("Visitors a period. Example: 10/s, or 5/60s.")
            String rate,

            @JsonPropertyDescription("What the bucket holds when full. Example: 100.")
            Integer burst,

            @JsonPropertyDescription("As spec.mode. Example: Queue.") @Nullable
            Mode mode,

            @JsonPropertyDescription("As spec.waiting.ttlSeconds. Example: 300.") @Nullable
            Long ttlSeconds,

            @JsonPropertyDescription("As spec.waiting.turnTtlSeconds. Example: 900.") @Nullable
            Long turnTtlSeconds,

            @JsonPropertyDescription("As spec.waiting.maxLength; absent where there is no limit. Example: 1000000.")
            @Nullable
            Long maxLength,

            @JsonPropertyDescription("As spec.reservation.ttlSeconds. Example: 120.") @Nullable
            Long reservationTtlSeconds,

            @JsonPropertyDescription("As spec.message; absent where there is none. Example: Sold out.") @Nullable
            String message) {}
}
