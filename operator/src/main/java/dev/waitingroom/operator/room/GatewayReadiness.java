package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.operator.status.ConditionSet.Finding;
import java.util.Objects;
import java.util.Optional;

/** The part of a gateway's state that its rooms report. Pure. */
final class GatewayReadiness {
    private static final String READY = "Ready";

    private GatewayReadiness() {}

    /**
     * The room's condition {@code GatewayReady}.
     *
     * @param name of the gateway
     * @param gateway empty if it does not exist
     */
    static Finding of(String name, Optional<WaitingRoomGateway> gateway) {
        if (gateway.isEmpty()) {
            return Finding.bad(
                    "GatewayMissing",
                    "WaitingRoomGateway " + name + " does not exist. Create it. The line is kept until then.");
        }
        Optional<Condition> ready = ready(gateway.get());
        if (ready.filter(known -> known.status() != ConditionStatus.UNKNOWN).isEmpty()) {
            return Finding.starting("GatewayStarting", "WaitingRoomGateway " + name + " is being set up.");
        }
        return ready.get().status() == ConditionStatus.TRUE
                ? Finding.good("Serving", "WaitingRoomGateway " + name + " serves.")
                : Finding.bad(
                        "GatewayNotReady",
                        "WaitingRoomGateway " + name + ": " + ready.get().message());
    }

    /** Whether its rooms must be reconciled. The numbers in a gateway's status change often and concern no room. */
    static boolean isRelevantChange(WaitingRoomGateway now, WaitingRoomGateway before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || now.isMarkedForDeletion() != before.isMarkedForDeletion()
                || !ready(now).equals(ready(before));
    }

    private static Optional<Condition> ready(WaitingRoomGateway gateway) {
        return ConditionSet.find(gateway.statusOrNone().conditions(), READY);
    }
}
