package dev.waitingroom.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.waitingroom.chaos.history.Violation.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class IdealRoomProperties {
    @Property(tries = 150)
    void idealRoomIsNeverCondemned(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 150) int visitors,
            @ForAll @IntRange(min = 1, max = 20) int rate,
            @ForAll @IntRange(min = 1, max = 20) int burst,
            @ForAll @IntRange(min = 5, max = 20) int ttl,
            @ForAll @DoubleRange(max = 0.1) double loss) {
        History history = IdealRoom.play(seed, visitors, rate, burst, ttl, loss);

        assertThat(Checker.judge(history, promises(rate, burst, ttl))).isEmpty();
    }

    /** The tree's sweep against all pairs of ends, which is the definition. */
    @Property
    void rateIsJudgedAsByLookingAtEveryWindow(
            @ForAll @IntRange(min = 1, max = 5) int burst, @ForAll List<@IntRange(max = 3_000) Integer> ends) {
        var grants = new ArrayList<Span>();
        for (int i = 0; i + 1 < ends.size(); i += 2) {
            int[] pair = {ends.get(i), ends.get(i + 1)};
            Arrays.sort(pair);
            grants.add(new Span(pair[0] * 1_000L, pair[1] * 1_000L));
        }
        Promises promises = promises(2, burst, 5);
        boolean good = grants.stream()
                .flatMap(first -> grants.stream().map(last -> new long[] {first.from(), last.until()}))
                .filter(window -> window[0] <= window[1])
                .allMatch(window -> grants.stream()
                                .filter(grant -> grant.from() >= window[0] && grant.until() <= window[1])
                                .count()
                        <= burst + (window[1] - window[0]) / 1e6 * 2 + 1e-6);

        assertThat(RateCheck.judgeGrants(grants, promises).isEmpty()).isEqualTo(good);
    }

    /**
     * Puts one position off by one, where every answer came, and nobody came or went while it may have been true: there the bounds leave
     * nothing open.
     */
    @Property(tries = 100)
    void positionThatIsOffByOneIsCaught(
            @ForAll long seed, @ForAll @IntRange(max = 1_000) int which, @ForAll boolean up) {
        History good = IdealRoom.play(seed, 40, 1, 1, 3_600, 0);
        List<Event> moves = good.events().stream()
                .filter(event -> !(event.outcome() instanceof Outcome.Waiting))
                .filter(event -> !(event.outcome() instanceof Outcome.Denied))
                .toList();
        List<Event> still = good.events().stream()
                .filter(event -> event.outcome() instanceof Outcome.Waiting)
                .filter(event -> moves.stream().noneMatch(move -> overlap(move.span(), mayBeOf(event))))
                .toList();
        Assume.that(!still.isEmpty());
        Event event = still.get(which % still.size());
        Outcome.Waiting seen = (Outcome.Waiting) event.outcome();
        List<Event> events = new ArrayList<>(good.events());
        events.remove(event);
        events.add(new Event(
                event.kind(),
                event.span(),
                "another",
                event.visitor(),
                event.ticket(),
                new Outcome.Waiting(seen.position() + (up ? 1 : -1), seen.ready(), seen.onHold(), seen.asOf())));

        assertThat(Checker.judge(new History(events), promises(1, 1, 3_600)))
                .extracting(Violation::promise, Violation::tickets)
                .containsExactly(tuple(Promise.POSITION, List.of(event.ticket())));
    }

    /** When a position that was told is to have been true, at some moment. */
    private static Span mayBeOf(Event poll) {
        long error = 5_000;
        return new Span(
                ((Outcome.Waiting) poll.outcome()).asOf() - 250_000 - error,
                poll.span().until() + error);
    }

    private static boolean overlap(Span one, Span other) {
        return one.from() <= other.until() && other.from() <= one.until();
    }

    private static Promises promises(int rate, int burst, int ttl) {
        return Promises.of(rate, burst, Duration.ofSeconds(ttl), Duration.ofHours(1));
    }
}
