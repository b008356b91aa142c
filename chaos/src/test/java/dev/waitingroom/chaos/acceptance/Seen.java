package dev.waitingroom.chaos.acceptance;

import dev.waitingroom.chaos.site.Recorder;
import dev.waitingroom.dev.visitors.Answer;
import dev.waitingroom.dev.visitors.Call;
import dev.waitingroom.dev.visitors.Operation;
import java.time.Duration;
import java.time.Instant;
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
        return recorder.calls().stream()
                .filter(call -> call.answer() instanceof Answer.Admitted)
                .map(Call::completed)
                .sorted()
                .toList();
    }

    /** Admissions a second from the one to the other. */
    static double rate(List<Instant> admissions, int from, int to) {
        return (to - from)
                / (Duration.between(admissions.get(from), admissions.get(to)).toMillis() / 1e3);
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

    /** The tokens of those who joined, by ticket. */
    static List<String> tokens(Recorder recorder) {
        return recorder.calls().stream()
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
