package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.Phase;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus.PolicyInForce;
import dev.waitingroom.operator.gateway.GatewayNames;
import dev.waitingroom.operator.room.Sync.Done;
import dev.waitingroom.operator.room.Sync.Refused;
import dev.waitingroom.operator.route.RouteProtection;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import dev.waitingroom.operator.watch.RoomObservation;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds a room's status. Pure, except for the clock. */
final class RoomStatusFactory {
    static final String READY = "Ready";
    static final String POLICY_SYNCED = "PolicySynced";
    static final String GATEWAY_READY = "GatewayReady";
    static final String PROTECTION_READY = "ProtectionReady";
    static final String PAGE_READY = "PageReady";

    private final InstantSource clock;

    RoomStatusFactory(InstantSource clock) {
        this.clock = clock;
    }

    /** The status after a reconciliation that did not look at the targets of {@code spec.protect}. */
    WaitingRoomStatus status(WaitingRoom room, Finding gateway, Sync sync, Optional<RoomObservation> live) {
        return status(
                room,
                gateway,
                sync,
                live,
                new RouteProtection.Outcome(room.statusOrNone().ancestors(), former(room, PROTECTION_READY)));
    }

    /**
     * The status after a reconciliation.
     *
     * @param live the line; if empty, the last known numbers stay
     * @param routes the targets of {@code spec.protect}
     */
    WaitingRoomStatus status(
            WaitingRoom room,
            Finding gateway,
            Sync sync,
            Optional<RoomObservation> live,
            RouteProtection.Outcome routes) {
        WaitingRoomStatus before = room.statusOrNone();
        long generation = Objects.requireNonNullElse(room.getMetadata().getGeneration(), 0L);
        Finding synced = switch (sync) {
            case Done done -> Finding.good("Synced", "Redis has the policy. Gateway pods apply it within 2 s.");
            case Refused refused -> Finding.bad(refused.reason(), refused.message());
        };
        Optional<Finding> protection = protection(room, sync, routes);
        Finding ready = Stream.of(Optional.of(synced), Optional.of(gateway), protection)
                .flatMap(Optional::stream)
                .filter(finding -> !finding.isTrue())
                .findFirst()
                .orElseGet(() -> Finding.good("Serving", "Visitors are served as the spec says."));
        var conditions = new ConditionSet(before.conditions(), generation, clock.instant())
                .with(READY, ready)
                .with(POLICY_SYNCED, synced)
                .with(GATEWAY_READY, gateway);
        protection.ifPresent(finding -> conditions.with(PROTECTION_READY, finding));
        page(room, sync).ifPresent(finding -> conditions.with(PAGE_READY, finding));
        boolean served = before.policy() != null;
        String gatewayName = served && before.gateway() != null
                ? before.gateway()
                : room.getSpec().gatewayRef().name();
        return new WaitingRoomStatus(
                generation,
                conditions.build(),
                phase(room, ready.isTrue(), before.phase()),
                served ? before.eventId() : room.eventId(),
                gatewayName,
                sync instanceof Done done ? inForce(room, done.policy()) : before.policy(),
                live.map(RoomObservation::waiting).orElse(before.waiting()),
                live.map(RoomObservation::admittedTotal).orElse(before.admittedTotal()),
                live.map(seen -> rate(seen.admissionsPerSecond())).orElse(before.admissionRate()),
                live.isPresent()
                        ? live.get().expectedWait().map(Duration::toSeconds).orElse(null)
                        : before.estimatedWaitSeconds(),
                GatewayNames.url(new GatewayId(room.getMetadata().getNamespace(), gatewayName)),
                epoch(before.epoch(), live),
                routes.ancestors());
    }

    /**
     * Of a room that protects a service, or targets, or both. The page is not part of Ready: the built-in one serves as well.
     */
    private static Optional<Finding> protection(WaitingRoom room, Sync sync, RouteProtection.Outcome routes) {
        Optional<Finding> service = switch (sync) {
            case Done done -> done.site().protection();
            case Refused _ -> former(room, PROTECTION_READY);
        };
        return service.filter(finding -> !finding.isTrue()).or(routes::finding).or(() -> service);
    }

    private static Optional<Finding> page(WaitingRoom room, Sync sync) {
        return switch (sync) {
            case Done done -> done.site().page();
            case Refused _ -> former(room, PAGE_READY);
        };
    }

    private static Optional<Finding> former(WaitingRoom room, String type) {
        return ConditionSet.find(room.statusOrNone().conditions(), type).map(Finding::of);
    }

    /** The latest epoch ever seen. It detects an older copy of the line on a Redis that is used again. */
    private static @Nullable Long epoch(@Nullable Long before, Optional<RoomObservation> live) {
        return live.map(seen -> before == null ? seen.epoch() : Math.max(before, seen.epoch()))
                .orElse(before);
    }

    /** The former status, with the reason why the spec is not in force. */
    WaitingRoomStatus failed(WaitingRoom room, Finding why) {
        Finding gateway = ConditionSet.find(room.statusOrNone().conditions(), GATEWAY_READY)
                .map(Finding::of)
                .orElseGet(() -> Finding.starting("NotAskedYet", "The gateway has not been looked at yet."));
        return status(room, gateway, new Refused(why.reason(), why.message()), Optional.empty());
    }

    private static Phase phase(WaitingRoom room, boolean ready, @Nullable Phase before) {
        if (!ready) {
            return before == null || before == Phase.PENDING ? Phase.PENDING : Phase.UNAVAILABLE;
        }
        return switch (room.getSpec().mode()) {
            case QUEUE -> Phase.OPEN;
            case HOLD -> Phase.ON_HOLD;
            case PASS -> Phase.PASSING;
            case REJECT -> Phase.REJECTING;
        };
    }

    private static PolicyInForce inForce(WaitingRoom room, Policy policy) {
        long seconds = policy.period().toSeconds();
        return new PolicyInForce(
                policy.rate() + (seconds == 1 ? "/s" : "/" + seconds + "s"),
                policy.burst(),
                policy.cap().map(SessionCap::maxActive).orElse(null),
                room.getSpec().mode(),
                policy.ttl().toSeconds(),
                policy.turnTtl().toSeconds(),
                policy.maxLength().isPresent() ? policy.maxLength().getAsLong() : null,
                policy.reservationTtl().toSeconds(),
                policy.message().isEmpty() ? null : policy.message());
    }

    /** At most three significant digits: 123, 12.3, 0.02. */
    static String rate(double perSecond) {
        int decimals = perSecond >= 100 ? 0 : perSecond >= 1 ? 1 : 2;
        BigDecimal rounded = BigDecimal.valueOf(perSecond).setScale(decimals, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
