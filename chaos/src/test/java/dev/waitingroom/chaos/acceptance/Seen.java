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

/** What crowds saw, as figures. */
final class Seen {
    private Seen() {}

    /** When each was admitted, as seen by the visitor. */
    static List<Instant> admissions(Recorder recorder) {
        return admissionsAskedFor(recorder, Instant.MIN);
    }

    /** As {@link #admissions}, of those who asked then or later. */
    static List<Instant> admissionsAskedFor(Recorder recorder, Instant from) {
        return recorder.calls().stream()
                .filter(call -> call.answer() instanceof Answer.Admitted)
                .filter(call -> !call.invoked().isBefore(from))
                .map(Call::completed)
                .sorted()
                .toList();
    }

    /**
     * Admissions a second from the one to the other: the slope of the straight line through them (least squares), so that a stall of
     * the machine at either end is not taken for the room's rate.
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

    /** What admits were answered, and how often: {@code granted}, a problem's code, or {@code lost}. */
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

    /** What each kind of call was answered, and how often. */
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

    /** The tokens of those who joined, by ticket. */
    static List<String> tokens(Recorder recorder) {
        return tokens(recorder, recorder.calls());
    }

    /** The tokens that these calls gave, by ticket. */
    static List<String> tokens(Recorder recorder, List<Call> calls) {
        return calls.stream()
                .filter(call -> call.answer() instanceof Answer.Joined)
                .map(call -> ((Answer.Joined) call.answer()).token())
                .distinct()
                .sorted(Comparator.comparingLong(recorder::ticket))
                .toList();
    }

    /** The token that a join gave. */
    static String token(Answer answer) {
        return answer instanceof Answer.Joined joined ? joined.token() : "no place: " + answer;
    }
}
