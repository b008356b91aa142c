package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.store.RoomScripts.Present;
import dev.waitingroom.queue.store.RoomScripts.TickReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tickets 1, 2, 3, ... are called; who of them is told to enter. */
class EntryPromisesTest {
    private static final double GRANTS = 3.5;

    private final EntryPromises arrivals = new EntryPromises();
    private long now = 1;

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private boolean polls(long ticket) {
        return arrivals.mayEnter(ticket, GRANTS, now);
    }

    private Present present() {
        return arrivals.present(ticket -> true, now);
    }

    /** A tick that no other gateway takes part in. */
    private void tick() {
        Present mine = present();
        arrivals.told(mine, new TickReply(1, false, mine.here(), mine.promised(), mine.lowestKeptOut()));
    }

    @Test
    void noMoreAreToldToEnterThanCanBeGranted() {
        assertThat(List.of(polls(1), polls(2), polls(3), polls(4))).containsExactly(true, true, true, false);
        assertThat(polls(2)).as("a promise is kept").isTrue();
    }

    @Test
    void theLowestComeFirstOnceTheyAreKnown() {
        polls(10);
        polls(11);
        polls(12);
        assertThat(List.of(polls(20), polls(21), polls(22), polls(5))).containsOnly(false);
        tick();
        arrivals.answered(10, true, now);

        assertThat(polls(22)).as("three lower ones are before them").isFalse();
        assertThat(polls(5)).isTrue();
    }

    @Test
    void whoDoesNotEnterTakesNobodysPlaceAfterASecond() {
        polls(1);
        polls(2);
        polls(3);
        assertThat(polls(4)).isFalse();
        pass(EntryPromises.PROMISED);
        tick();

        assertThat(polls(4)).isTrue();
        assertThat(polls(1)).as("their promise is good all the same").isTrue();
        assertThat(present().here())
                .as("no more need be called because of them")
                .isEqualTo(1);
    }

    @Test
    void whoAsksIsCountedUntilTheyAreAnswered() {
        for (long ticket = 1; ticket <= 3; ticket++) {
            polls(ticket);
            arrivals.hold(ticket, now);
        }
        pass(EntryPromises.PROMISED.multipliedBy(2));
        tick();
        assertThat(polls(4)).isFalse();

        arrivals.answered(1, true, now);
        assertThat(polls(4)).isTrue();
    }

    @Test
    void whoWasRefusedWaitsForAnotherPromise() {
        polls(1);
        arrivals.hold(1, now);
        arrivals.answered(1, false, now);
        assertThat(arrivals.promised(1)).isFalse();

        assertThat(polls(1)).isTrue();
    }

    @Test
    void promisesOfABucketThatIsGoneAreNotKept() {
        polls(1);
        polls(2);
        arrivals.hold(2, now);
        arrivals.revoke();
        tick();

        assertThat(arrivals.promised(1)).isFalse();
        assertThat(arrivals.promised(2)).as("asks already").isTrue();
        assertThat(arrivals.mayEnter(1, 1, now))
                .as("one token, and one is held for it")
                .isFalse();
    }

    @Test
    void whoIsSilentOrGoneIsNotHere() {
        polls(1);
        polls(2);
        assertThat(arrivals.present(ticket -> ticket != 1, now).here()).isEqualTo(1);

        pass(EntryPromises.HERE.plusNanos(1));
        assertThat(present()).returns(0, Present::here).returns(0, Present::promised);
    }

    @Test
    void everyoneWhoCameIsToldOfUntilATickTookItIn() {
        polls(2);
        arrivals.hold(1, now);
        polls(2);
        assertThat(present().came()).containsExactly(2, 1);
        assertThat(present().came()).as("the tick failed").containsExactly(2, 1);

        tick();
        assertThat(present().came()).isEmpty();
    }

    @Test
    void whatOthersPromisedIsNotPromisedAgain() {
        arrivals.told(present(), new TickReply(2, false, 3, 3, 0));

        assertThat(polls(1)).isFalse();
        arrivals.told(present(), new TickReply(2, false, 3, 2, 0));
        assertThat(polls(1)).isTrue();
    }

    /** The worst case: nothing was heard for a while, then all who were called in it poll at once, through three gateways. */
    @Test
    void afterAStallWhoWasToldToEnterIsGrantedWhileTheyAreHeld() {
        double rate = 10;
        int gateways = 3;
        List<EntryPromises> all = new ArrayList<>();
        for (int i = 0; i < gateways; i++) {
            all.add(new EntryPromises());
        }
        var random = new Random(1);
        var gatewayOf = new TreeMap<Long, Integer>();
        for (long ticket = 1; ticket <= 100; ticket++) {
            gatewayOf.put(ticket, random.nextInt(gateways));
        }
        var asking = new TreeMap<Long, Long>(); // ticket → since
        double tokens = 0;
        long granted = 0;
        long inTime = 0;
        for (int tick = 0; tick < 150; tick++) {
            pass(Duration.ofMillis(100));
            tokens = Math.min(5, tokens + rate / 10);
            List<Present> told = all.stream()
                    .map(one -> one.present(gatewayOf::containsKey, now))
                    .toList();
            int here = told.stream().mapToInt(Present::here).sum();
            int promised = told.stream().mapToInt(Present::promised).sum();
            long lowest = told.stream()
                    .mapToLong(Present::lowestKeptOut)
                    .filter(ticket -> ticket > 0)
                    .min()
                    .orElse(0);
            for (int i = 0; i < gateways; i++) {
                all.get(i).told(told.get(i), new TickReply(gateways, false, here, promised, lowest));
            }
            double grants = tokens + 1.2 * rate;
            for (var entry : gatewayOf.entrySet()) {
                boolean polls = !asking.containsKey(entry.getKey()) && (tick == 0 || random.nextInt(10) == 0);
                if (polls && all.get(entry.getValue()).mayEnter(entry.getKey(), grants, now)) {
                    all.get(entry.getValue()).hold(entry.getKey(), now);
                    asking.put(entry.getKey(), now);
                }
            }
            for (; tokens >= 1 && !asking.isEmpty(); tokens--) {
                var first = asking.pollFirstEntry();
                inTime += now - first.getValue() <= 2_000_000_000L ? 1 : 0;
                all.get(gatewayOf.getOrDefault(first.getKey(), 0)).answered(first.getKey(), true, now);
                gatewayOf.remove(first.getKey());
                granted++;
            }
        }

        assertThat(granted).as("no token is wasted").isEqualTo(100);
        assertThat(inTime)
                .as("lower tickets go first, so one may be held longer")
                .isGreaterThanOrEqualTo(99);
    }
}
