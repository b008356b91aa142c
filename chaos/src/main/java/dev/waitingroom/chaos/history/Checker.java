package dev.waitingroom.chaos.history;

import java.util.List;
import java.util.stream.Stream;

/**
 * Judges a history. It condemns only what no correct room could have answered, whatever became of the calls without an answer; since
 * tickets are numbered, no search over orders is needed, and every check costs O(n log n).
 */
public final class Checker {
    private Checker() {}

    /** Every promise that was broken, with where; empty for a good history. */
    public static List<Violation> judge(History history, Promises promises) {
        List<TicketTimeline> lives = lives(history, promises);
        return Stream.of(
                        RateCheck.judge(lives, promises),
                        OrderCheck.judge(lives, promises),
                        OnceCheck.judge(lives, promises),
                        PositionCheck.judge(history, lives, promises),
                        FreshCheck.judge(history, promises),
                        PlaceCheck.judge(history, lives, promises),
                        NumberCheck.judge(history, lives, promises),
                        OutageCheck.judge(history, promises),
                        EtaCheck.judge(history, lives, promises),
                        AnswerCheck.judge(history))
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Promise 1 once more, by what Redis wrote down itself: what visitors saw leaves open when exactly they were admitted.
     *
     * @param millis when each was admitted by the line's clock, ms since 1970; some may be missing, none may be there twice
     * @param promises by the line's clock too: what its jumps give are tokens like any others
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
                        "by Redis' stamps " + violation.what(),
                        violation.tickets()))
                .toList();
    }

    /** How many waiters were judged by promise 2; the order of those whom something that was broken held up, or who did not answer, is not. */
    public static int judgedForOrder(History history, Promises promises) {
        return OrderCheck.judged(lives(history, promises), promises);
    }

    /** How many estimates were judged: those that were told while one policy was in force and nothing was broken. */
    public static int judgedEstimates(History history, Promises promises) {
        return EtaCheck.judged(history, lives(history, promises), promises);
    }

    private static List<TicketTimeline> lives(History history, Promises promises) {
        return history.byTicket().entrySet().stream()
                .map(entry -> TicketTimeline.of(entry.getKey(), entry.getValue(), promises))
                .toList();
    }
}
