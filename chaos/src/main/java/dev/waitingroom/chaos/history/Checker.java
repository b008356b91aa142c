package dev.waitingroom.chaos.history;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Judges a history. It reports only answers that no correct room could have given, whatever effect the unanswered calls had. Tickets are numbered,
 * so no search over orders is needed, and every check costs O(n log n).
 */
public final class Checker {
    private Checker() {}

    /** Every broken promise; empty for a good history. */
    public static List<Violation> judge(History history, Promises promises) {
        List<TicketTimeline> lives = lives(history, promises);
        return Stream.of(
                        RateCheck.judge(lives, promises),
                        OrderCheck.judge(lives, promises),
                        EnterCheck.judge(lives, promises),
                        OnceCheck.judge(lives, promises),
                        PositionCheck.judge(history, lives, promises),
                        FreshCheck.judge(history, promises),
                        PlaceCheck.judge(history, lives, promises),
                        NumberCheck.judge(history, lives, promises),
                        OutageCheck.judge(history, promises),
                        EtaCheck.judge(history, lives, promises),
                        ActiveCheck.judge(lives, promises),
                        AdmissionCheck.judge(history, lives, promises),
                        IdleCheck.judge(history, lives, promises),
                        AnswerCheck.judge(history))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Judges promise 1 by Redis' own grant stamps. Visitors see only roughly when they were admitted; stamps are exact.
     *
     * @param millis when each visitor was admitted by the line's clock, ms since 1970. Some may be missing, none may occur twice
     * @param promises by the line's clock too, so tokens that come by its jumps are ordinary tokens
     */
    public static List<Violation> judgeStamps(List<Long> millis, Promises promises) {
        return RateCheck.judgeGrants(
                        millis.stream()
                                .map(at -> new Span(at * 1_000, at * 1_000 + 999))
                                .toList(),
                        promises)
                .stream()
                .map(violation -> new Violation(
                        violation.promise(),
                        violation.at(),
                        "by Redis' grant stamps " + violation.what(),
                        violation.tickets()))
                .toList();
    }

    /** How many waiting visitors were judged by promise 2. Visitors who were delayed by a fault, or did not answer when called, are not judged. */
    public static int judgedForOrder(History history, Promises promises) {
        return OrderCheck.judged(lives(history, promises), promises);
    }

    /** How many estimates were judged: those that were told while one policy was in force and no fault was active. */
    public static int judgedEstimates(History history, Promises promises) {
        return EtaCheck.judged(history, lives(history, promises), promises);
    }

    private static List<TicketTimeline> lives(History history, Promises promises) {
        Map<Long, List<SessionEvent>> sessions = history.sessionsByTicket();
        return history.byTicket().entrySet().stream()
                .map(entry -> TicketTimeline.of(
                        entry.getKey(), entry.getValue(), sessions.getOrDefault(entry.getKey(), List.of()), promises))
                .toList();
    }
}
