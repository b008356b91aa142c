package dev.waitingroom.operator.site;

import dev.waitingroom.api.v1alpha1.Protect;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds rooms of one gateway that protect a service on the same hosts. The room that was created first keeps them. Pure. */
public final class HostConflicts {
    private static final Comparator<WaitingRoom> AGE = Comparator.comparing(
                    (WaitingRoom room) -> String.valueOf(room.getMetadata().getCreationTimestamp()))
            .thenComparing(room -> room.getMetadata().getName());

    private HostConflicts() {}

    /**
     * The name of the room that has the hosts already.
     *
     * @param others rooms of the same gateway; may contain the room itself
     */
    public static Optional<String> holder(WaitingRoom room, Collection<WaitingRoom> others) {
        Protect own = room.getSpec().protect();
        if (own == null || own.service() == null) {
            return Optional.empty();
        }
        return others.stream()
                .filter(other ->
                        !other.getMetadata().getUid().equals(room.getMetadata().getUid()))
                .filter(other -> !other.isMarkedForDeletion())
                .filter(other -> other.getSpec().protect() != null
                        && other.getSpec().protect().service() != null
                        && overlap(own, other.getSpec().protect()))
                .filter(other -> AGE.compare(other, room) < 0)
                .min(AGE)
                .map(other -> other.getMetadata().getName());
    }

    /** A wildcard and a name below it do not overlap: the gateway prefers the name. */
    private static boolean overlap(Protect one, Protect other) {
        return (one.hosts().isEmpty() && other.hosts().isEmpty())
                || one.hosts().stream().anyMatch(other.hosts()::contains);
    }
}
