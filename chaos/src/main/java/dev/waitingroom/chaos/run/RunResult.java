package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.topology.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param seed what it follows from
 * @param kind how Redis ran
 * @param injections what was done
 * @param histories how many rooms were judged
 * @param calls how many calls visitors made
 * @param admitted how many were let in
 * @param stamped how many grants were judged by Redis' own stamps, too
 * @param judgedForOrder how many waiters' order was judged
 * @param outages the longest that one visitor saw, by fault
 * @param failures the promises that were broken, each with the shrunk history
 * @param took how long it all took
 */
public record RunResult(
        long seed,
        Kind kind,
        List<Injection> injections,
        int histories,
        int calls,
        int admitted,
        int stamped,
        int judgedForOrder,
        Map<Fault, Duration> outages,
        List<Failure> failures,
        Duration took) {
    public RunResult {
        injections = List.copyOf(injections);
        outages = Map.copyOf(outages);
        failures = List.copyOf(failures);
    }
}
