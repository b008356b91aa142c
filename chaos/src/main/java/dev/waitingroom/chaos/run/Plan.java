package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Schedule;
import dev.waitingroom.chaos.topology.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is done in a run.
 *
 * @param kind how Redis runs
 * @param gateways how many processes; empty for two or three, as the seed has it
 * @param schedule the faults
 * @param casts the rooms
 * @param calm for so long visitors go on when all faults are over
 * @param tended whether policies are put back during the run, as the operator does
 * @param patch a directory whose classes and resources win over those of the gateways that ship; see {@code chaos.mutant}
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
