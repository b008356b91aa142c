package dev.waitingroom.chaos.run;

import dev.waitingroom.chaos.fault.Fault;
import dev.waitingroom.chaos.fault.Injection;
import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How long visitors got no useful answer: from the first failed call until the first success. */
final class Outages {
    /** A call that failed this shortly before a fault was recorded failed because of it. */
    private static final long EARLY = 100_000;

    private Outages() {}

    /** The longest outage of any visitor, by the fault that began last; of two simultaneous faults, by the one that hit Redis. */
    static Map<Fault, Duration> longest(List<Call> calls, List<Injection> injections) {
        Map<Fault, Duration> longest = new EnumMap<>(Fault.class);
        calls.stream().collect(Collectors.groupingBy(Call::visitor)).values().forEach(own -> {
            Optional<Call> failedFirst = Optional.empty();
            for (Call call :
                    own.stream().sorted(Comparator.comparing(Call::completed)).toList()) {
                if (failed(call)) {
                    failedFirst = failedFirst.or(() -> Optional.of(call));
                } else if (failedFirst.isPresent()) {
                    note(failedFirst.get(), call, injections, longest);
                    failedFirst = Optional.empty();
                }
            }
        });
        return longest;
    }

    private static void note(Call first, Call good, List<Injection> injections, Map<Fault, Duration> longest) {
        long failing = Recorder.micros(first.completed()) + EARLY;
        injections.stream()
                .filter(injection -> injection.span().from() <= failing)
                .max(Comparator.comparingLong(injection -> injection.span().from()))
                .ifPresent(injection -> longest.merge(
                        injection.fault(),
                        Duration.between(first.invoked(), good.completed()),
                        (a, b) -> a.compareTo(b) < 0 ? b : a));
    }

    private static boolean failed(Call call) {
        return switch (call.answer()) {
            case Answer.Lost lost -> true;
            case Answer.Unreadable unreadable -> true;
            case Answer.Refused refused -> refused.status() >= 500 || refused.status() == 404;
            case Answer.Joined joined -> false;
            case Answer.Entered entered -> false;
            case Answer.Standing standing -> false;
            case Answer.Admitted admitted -> false;
            case Answer.Left left -> false;
        };
    }
}
