package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Schedule;
import dev.waitingroom.chaos.topology.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The plan of a run.
 *
 * @param kind of Redis
 * @param gateways the number of gateway processes; empty for two or three, by the seed
 * @param schedule the faults
 * @param casts the rooms
 * @param calm how long visitors go on after the last fault
 * @param tended whether missing policies are restored during the run, as the operator does
 * @param patch a directory whose classes and resources replace those of the gateways; see {@code chaos.mutant}
 */
public record Plan(
        Kind kind,
        OptionalInt gateways,
        Schedule schedule,
        List<RoomScenario> casts,
        Duration calm,
        boolean tended,
        Optional<Path> patch) {
    public Plan {
        casts = List.copyOf(casts);
    }
}
