package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.topology.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The result of a run.
 *
 * @param seed its seed
 * @param kind of Redis
 * @param injections the faults
 * @param histories the number of judged rooms
 * @param calls the number of calls of visitors
 * @param admitted the number of admitted visitors
 * @param stamped the number of admissions that were also judged by Redis' grant stamps
 * @param judgedForOrder the number of waiting visitors whose order was judged
 * @param outages the longest outage of one visitor, by fault
 * @param failures the broken promises, each with the shrunk history
 * @param took how long the run took
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
