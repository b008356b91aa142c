package dev.waitingroom.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What an event needs. Ranges and defaults stand in the annotations, for the schema; the constructors fill in the same defaults, from
 * the same constants, for an object that comes from elsewhere than a defaulting API server.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the event needs. Example: {admission: {rate: 10, burst: 100}}.")
@ValidationRule(
        value = "self.gatewayRef.name == oldSelf.gatewayRef.name",
        message =
                "spec.gatewayRef cannot be changed: tickets are signed with the keys of their gateway; make a new WaitingRoom",
        fieldPath = ".gatewayRef")
public record WaitingRoomSpec(
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z0-9]([A-Za-z0-9._~-]*[A-Za-z0-9])?$")
        @JsonPropertyDescription(
                "The event that visitors name, unique on its gateway; cannot be changed. Default: the object's name. Example: evt_2025_1001.")
        @Nullable
        String eventId,

        @Default("Queue")
        @JsonPropertyDescription(
                "What happens to visitors. Queue: they wait and are admitted at the rate. Hold: nobody is admitted, everyone keeps their place, turns do not run out. Pass: no line, everyone is admitted at once. Reject: joins are refused with spec.message; those in line go on. Default: Queue. Example: Hold.")
        Mode mode,

        @Required
        @JsonPropertyDescription(
                "How fast visitors are admitted: what the service behind can bear. In any d seconds at most burst + rate / periodSeconds * d. Example: {rate: 10, burst: 100}.")
        Admission admission,

        @Default("{}")
        @JsonPropertyDescription("How places are kept. Default: all of its defaults. Example: {ttlSeconds: 300}.")
        Waiting waiting,

        @Default("{}")
        @JsonPropertyDescription(
                "What an admission is worth. Default: all of its defaults. Example: {ttlSeconds: 120}.")
        Reservation reservation,

        @Default("{\"name\": \"" + DEFAULT_GATEWAY + "\"}")
        @JsonPropertyDescription(
                "The WaitingRoomGateway, in the same namespace, that serves the room; cannot be changed. The one called default is made when a room needs it. Default: {name: default}. Example: {name: concerts}.")
        LocalReference gatewayRef,

        @Size(max = 200)
        @JsonPropertyDescription(
                "What visitors are told while mode is Reject. Default: nothing. Example: Sold out. Thank you.")
        @Nullable
        String message) {

    /** The gateway that a room is served by which names none. */
    public static final String DEFAULT_GATEWAY = "default";

    public WaitingRoomSpec {
        mode = mode == null ? Mode.QUEUE : mode;
        waiting = waiting == null ? Waiting.DEFAULT : waiting;
        reservation = reservation == null ? Reservation.DEFAULT : reservation;
        gatewayRef = gatewayRef == null ? new LocalReference(DEFAULT_GATEWAY) : gatewayRef;
    }

    /** What a room does with its visitors. */
    public enum Mode {
        @JsonProperty("Queue")
        QUEUE,
        @JsonProperty("Hold")
        HOLD,
        @JsonProperty("Pass")
        PASS,
        @JsonProperty("Reject")
        REJECT
    }

    /** A token bucket. Rate and burst have no default: only the user knows what the service behind can bear. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "self.burst * self.periodSeconds <= self.rate * 2592000",
            message = "an empty bucket must be full again within 30 days: burst * periodSeconds <= rate * 2592000",
            fieldPath = ".burst")
    public record Admission(
            @Required
            @Min(1)
            @Max(1_000_000)
            @JsonPropertyDescription("Visitors admitted in each period, 1..1000000. Example: 10.")
            Integer rate,

            @Default("" + PERIOD_SECONDS)
            @Min(1)
            @Max(3_600)
            @JsonPropertyDescription(
                    "The period that rate counts in, 1..3600 s; longer than 1 for less than one visitor a second. Default: 1. Example: 60.")
            Integer periodSeconds,

            @Required
            @Min(1)
            @Max(10_000_000)
            @JsonPropertyDescription(
                    "Visitors that may be admitted at once after a quiet time, on top of the rate, 1..10000000. Example: 100.")
            Integer burst) {
        private static final int PERIOD_SECONDS = 1;

        public Admission {
            periodSeconds = periodSeconds == null ? PERIOD_SECONDS : periodSeconds;
        }
    }

    /** How places in the line are kept. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Waiting(
            @Default("" + TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "Silence before a place is lost, 5..86400 s: a hidden browser tab polls once a minute, a phone sleeps. Lost after this at the earliest, 1.5 times this at the latest. Default: 300. Example: 120.")
            Integer ttlSeconds,

            @Default("" + TURN_TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long a turn that has come stays good, 5..86400 s; nobody is held up by one that is not used. Default: 900. Example: 600.")
            Integer turnTtlSeconds,

            @Min(1)
            @Max(1_000_000_000)
            @JsonPropertyDescription(
                    "The most that may wait, 1..1000000000; further joins are answered 503 QUEUE_FULL. Default: no limit. Example: 1000000.")
            @Nullable
            Long maxLength) {
        private static final int TTL_SECONDS = 300;
        private static final int TURN_TTL_SECONDS = 900;
        private static final Waiting DEFAULT = new Waiting(TTL_SECONDS, TURN_TTL_SECONDS, null);

        public Waiting {
            ttlSeconds = ttlSeconds == null ? TTL_SECONDS : ttlSeconds;
            turnTtlSeconds = turnTtlSeconds == null ? TURN_TTL_SECONDS : turnTtlSeconds;
        }
    }

    /** What an admission is worth. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reservation(
            @Default("" + TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long the service behind accepts an admission, 5..86400 s: the time to begin, not to finish. Default: 120. Example: 600.")
            Integer ttlSeconds) {
        private static final int TTL_SECONDS = 120;
        private static final Reservation DEFAULT = new Reservation(TTL_SECONDS);

        public Reservation {
            ttlSeconds = ttlSeconds == null ? TTL_SECONDS : ttlSeconds;
        }
    }
}
