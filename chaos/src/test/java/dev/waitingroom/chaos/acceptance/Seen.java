package dev.waitingroom.chaos.acceptance;

import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Figures of the answers that crowds got. */
final class Seen {
    private Seen() {}

    /** The time of each admission, as the visitor saw it. */
    static List<Instant> admissions(Recorder recorder) {
        return admissionsAskedFor(recorder, Instant.MIN);
    }

    /** As {@link #admissions}, of visitors who asked at that time or later. */
    static List<Instant> admissionsAskedFor(Recorder recorder, Instant from) {
        return recorder.calls().stream()
                .filter(call -> call.answer() instanceof Answer.Admitted)
                .filter(call -> !call.invoked().isBefore(from))
                .map(Call::completed)
                .sorted()
                .toList();
    }

    /**
     * Admissions a second between two of them: the slope of the straight line through them (least squares). A stall of the machine at either end
     * has little influence.
     */
    static double rate(List<Instant> admissions, int from, int to) {
        double[] seconds = admissions.subList(from, to).stream()
                .mapToDouble(at -> Duration.between(admissions.get(from), at).toMillis() / 1e3)
                .toArray();
        double meanSecond = Arrays.stream(seconds).average().orElseThrow();
        double meanIndex = (seconds.length - 1) / 2.0;
        double together = 0;
        double alone = 0;
        for (int i = 0; i < seconds.length; i++) {
            together += (seconds[i] - meanSecond) * (i - meanIndex);
            alone += (seconds[i] - meanSecond) * (seconds[i] - meanSecond);
        }
        return together / alone;
    }

    /** The answers of admits and their numbers: {@code granted}, the code of a problem, or {@code lost}. */
    static Map<String, Long> admits(Recorder recorder) {
        return recorder.calls().stream()
                .filter(call -> call.operation() instanceof Operation.Admit)
                .collect(Collectors.groupingBy(
                        call -> switch (call.answer()) {
                            case Answer.Admitted admitted -> "granted";
                            case Answer.Refused refused -> refused.code();
                            default -> "lost";
                        },
                        TreeMap::new,
                        Collectors.counting()));
    }

    /** The calls that were sent between the two times. */
    static List<Call> sentBetween(Recorder recorder, Instant from, Instant until) {
        return recorder.calls().stream()
                .filter(call -> call.invoked().isAfter(from) && call.invoked().isBefore(until))
                .toList();
    }

    /** The answers of each kind of call, and their numbers. */
    static Map<String, Long> answers(List<Call> calls) {
        return calls.stream()
                .collect(Collectors.groupingBy(
                        call -> call.operation().getClass().getSimpleName() + " "
                                + (call.answer() instanceof Answer.Refused refused
                                        ? refused.status()
                                        : call.answer().getClass().getSimpleName()),
                        TreeMap::new,
                        Collectors.counting()));
    }

    static Duration slowest(List<Call> calls) {
        return calls.stream().map(Call::took).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** The tokens of all joins, by ticket. */
    static List<String> tokens(Recorder recorder) {
        return tokens(recorder, recorder.calls());
    }

    /** The tokens from these calls, by ticket. */
    static List<String> tokens(Recorder recorder, List<Call> calls) {
        return calls.stream()
                .filter(call -> call.answer() instanceof Answer.Joined)
                .map(call -> ((Answer.Joined) call.answer()).token())
                .distinct()
                .sorted(Comparator.comparingLong(recorder::ticket))
                .toList();
    }

    /** The token of a join. */
    static String token(Answer answer) {
        return answer instanceof Answer.Joined joined ? joined.token() : "no place: " + answer;
    }
}
