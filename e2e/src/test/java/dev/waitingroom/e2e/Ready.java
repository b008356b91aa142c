package dev.waitingroom.e2e;

import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.ConditionStatus;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether an object's status says that its whole current spec is in force. */
final class Ready {
    private Ready() {}

    static boolean room(@Nullable WaitingRoom room) {
        return room != null
                && room.getStatus() != null
                && Objects.equals(
                        room.getMetadata().getGeneration(), room.getStatus().observedGeneration())
                && ready(room.getStatus().conditions());
    }

    static boolean gateway(@Nullable WaitingRoomGateway gateway) {
        return gateway != null
                && gateway.getStatus() != null
                && Objects.equals(
                        gateway.getMetadata().getGeneration(),
                        gateway.getStatus().observedGeneration())
                && ready(gateway.getStatus().conditions());
    }

    /** The same, for a gateway with this number of pods and no roll-out under way. */
    static boolean complete(@Nullable WaitingRoomGateway gateway, int pods) {
        return gateway != null
                && gateway(gateway)
                && Objects.equals(gateway.statusOrNone().replicas(), pods)
                && gateway.statusOrNone().conditions().stream()
                        .anyMatch(condition -> condition.type().equals("Progressing")
                                && condition.reason().equals("Complete"));
    }

    private static boolean ready(List<Condition> conditions) {
        return conditions.stream()
                .anyMatch(condition -> condition.type().equals("Ready") && condition.status() == ConditionStatus.TRUE);
    }
}
