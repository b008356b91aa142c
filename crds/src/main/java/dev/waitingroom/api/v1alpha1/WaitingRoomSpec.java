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
 * The desired state of a room. The annotations give ranges and defaults to the schema. The constructors apply the same defaults, from the
 * same constants, to an object that no API server has defaulted.
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
                "The event id that visitors send. It is unique on its gateway and cannot be changed. Default: the object's name. Example: evt_2025_1001.")
        @Nullable
        String eventId,

        @Default("Queue")
        @JsonPropertyDescription(
                "What happens to visitors. Queue: they wait and are admitted at the rate. Hold: nobody is admitted, everyone who polls keeps their place, and turns do not run out. Pass: there is no line, and everyone is admitted at once. Reject: joins are refused with spec.message, and visitors in line are admitted as before. Default: Queue. Example: Hold.")
        Mode mode,

        @Required
        @JsonPropertyDescription(
                "How fast visitors are admitted: what the service behind the room can serve. In any d seconds at most burst + rate / periodSeconds * d are admitted. Example: {rate: 10, burst: 100}.")
        Admission admission,

        @Default("{}")
        @JsonPropertyDescription(
                "How long places last, and how many there are. Default: all of its defaults. Example: {ttlSeconds: 300}.")
        Waiting waiting,

        @Default("{}")
        @JsonPropertyDescription(
                "How long an admission is valid. Default: all of its defaults. Example: {ttlSeconds: 120}.")
        Reservation reservation,

        @Default("{\"name\": \"" + DEFAULT_GATEWAY + "\"}")
        @JsonPropertyDescription(
                "The WaitingRoomGateway in the same namespace that serves the room. It cannot be changed. The operator creates the gateway default when a room needs it. Default: {name: default}. Example: {name: concerts}.")
        LocalReference gatewayRef,

        @Size(max = 200)
        @JsonPropertyDescription(
                "The message to visitors while mode is Reject. Default: nothing. Example: Sold out. Thank you.")
        @Nullable
        String message,

        @JsonPropertyDescription(
                "What the room protects: a Service that the gateway proxies, or routes whose proxy asks the room. Admitted visitors pass, all others are sent to the waiting page. Default: nothing; the service then checks reservations itself. Example: {service: {name: shop, port: 80}}.")
        @Nullable
        Protect protect,

        @Default("Wait")
        @JsonPropertyDescription(
                "What a protected service's new visitors do while Redis is unavailable. Wait: they wait. Admit: everyone enters, for unavailableAdmitSeconds at most. Visitors with a session go on in both cases. Default: Wait. Example: Admit.")
        WhenUnavailable whenUnavailable,

        @Default("" + UNAVAILABLE_ADMIT_SECONDS)
        @Min(1)
        @Max(86_400)
        @JsonPropertyDescription(
                "How long everyone enters with whenUnavailable: Admit, from the moment that Redis became unavailable, 1..86400 s. Afterwards visitors wait. Default: 300. Example: 60.")
        Integer unavailableAdmitSeconds,

        @JsonPropertyDescription(
                "How the waiting page looks. Default: the built-in look. Example: {title: Concert, colors: {accent: '#1a56db'}}.")
        @Nullable
        Page page) {

    /** The gateway of a room that names none. */
    public static final String DEFAULT_GATEWAY = "default";

    private static final int UNAVAILABLE_ADMIT_SECONDS = 300;

    public WaitingRoomSpec {
        mode = mode == null ? Mode.QUEUE : mode;
        waiting = waiting == null ? Waiting.DEFAULT : waiting;
        reservation = reservation == null ? Reservation.DEFAULT : reservation;
        gatewayRef = gatewayRef == null ? new LocalReference(DEFAULT_GATEWAY) : gatewayRef;
        whenUnavailable = whenUnavailable == null ? WhenUnavailable.WAIT : whenUnavailable;
        unavailableAdmitSeconds = unavailableAdmitSeconds == null ? UNAVAILABLE_ADMIT_SECONDS : unavailableAdmitSeconds;
    }

    /** What new visitors of a protected service do while Redis is unavailable. */
    public enum WhenUnavailable {
        @JsonProperty("Wait")
        WAIT,
        @JsonProperty("Admit")
        ADMIT
    }

    /** How a room treats its visitors. */
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

    /** A token bucket. Rate and burst have no default: only the user knows what the service behind the room can serve. */
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
                    "The period of rate, 1..3600 s. Set more than 1 to admit less than one visitor a second. Default: 1. Example: 60.")
            Integer periodSeconds,

            @Required
            @Min(1)
            @Max(10_000_000)
            @JsonPropertyDescription(
                    "Visitors who may be admitted at once after a quiet time, in addition to the rate, 1..10000000. Example: 100.")
            Integer burst,

            @Min(1)
            @Max(100_000)
            @JsonPropertyDescription(
                    "The most visitors that may be in the service at a time, beside the rate, 1..100000. A place is free when a session ends or runs out: after reservation.sessionSeconds in a protected service, otherwise after reservation.ttlSeconds. Mode Pass counts sessions, and admits more. A rate alone is usually better. Default: no limit. Example: 500.")
            @Nullable
            Integer maxActive) {
        private static final int PERIOD_SECONDS = 1;

        public Admission {
            periodSeconds = periodSeconds == null ? PERIOD_SECONDS : periodSeconds;
        }
    }

    /** How long places in the line last, and how many there are. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Waiting(
            @Default("" + TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "Silence after which a place is lost, 5..86400 s. The place is lost after this time at the earliest, and after 1.5 times this time at the latest. A hidden browser tab polls only once a minute, and a phone may sleep. Default: 300. Example: 120.")
            Integer ttlSeconds,

            @Default("" + TURN_TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long a called visitor has to enter, 5..86400 s. An unused turn delays nobody. Default: 900. Example: 600.")
            Integer turnTtlSeconds,

            @Min(1)
            @Max(1_000_000_000)
            @JsonPropertyDescription(
                    "The most visitors that may wait, 1..1000000000. Further joins are answered 503 QUEUE_FULL. Default: no limit. Example: 1000000.")
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

    /** How long an admission is valid. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reservation(
            @Default("" + TTL_SECONDS)
            @Min(5)
            @Max(86_400)
            @JsonPropertyDescription(
                    "How long the service behind the room accepts an admission, 5..86400 s. It is the time to begin, not to finish. Default: 120. Example: 600.")
            Integer ttlSeconds,

            @Default("" + SESSION_SECONDS)
            @Min(30)
            @Max(604_800)
            @JsonPropertyDescription(
                    "How long a visitor who entered through the waiting page may stay in the protected service, 30..604800 s. Default: 1800. Example: 600.")
            Integer sessionSeconds,

            @Default("true")
            @JsonPropertyDescription(
                    "Whether the time of a session begins again when the visitor uses it. If not, the visitor waits again after sessionSeconds. Default: true. Example: false.")
            Boolean renewSession) {
        private static final int TTL_SECONDS = 120;
        private static final int SESSION_SECONDS = 1_800;
        private static final Reservation DEFAULT = new Reservation(TTL_SECONDS, SESSION_SECONDS, true);

        public Reservation {
            ttlSeconds = ttlSeconds == null ? TTL_SECONDS : ttlSeconds;
            sessionSeconds = sessionSeconds == null ? SESSION_SECONDS : sessionSeconds;
            renewSession = renewSession == null || renewSession;
        }
    }
}
