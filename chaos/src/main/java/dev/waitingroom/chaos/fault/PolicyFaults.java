package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.site.TendedRooms;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.SessionCap;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Changes one room's policy: every field, in any combination and order. At the end the room admits about as before. */
final class PolicyFaults {
    /** Visitors fall asleep for five seconds, and must keep their places at the end. */
    private static final int LEAST_TTL = 7;

    /** The rate rises or falls by up to this factor. */
    private static final double MOST = 10_000;

    private static final List<Mode> MODES = List.of(Mode.values());

    private enum Field {
        RATE,
        PERIOD,
        BURST,
        TTL,
        TURN_TTL,
        RESERVATION_TTL,
        MAX_LENGTH,
        MODE,
        /** Only in a room that limits its sessions. */
        CAP
    }

    /** Longer than a run would leave a room full for its rest. */
    private static final int MAX_SESSION = 20;

    private final TendedRooms rooms;
    private final Random random;
    private final Draws draws;
    private final Policy before;
    private final StringBuilder said = new StringBuilder();

    PolicyFaults(TendedRooms rooms, Random random) {
        this.rooms = rooms;
        this.random = random;
        this.draws = new Draws(random);
        this.before =
                rooms.policy(rooms.events().get(random.nextInt(rooms.events().size())));
    }

    /** Changes several fields at once, several times, as quickly as possible or seconds apart. */
    String anything() throws InterruptedException {
        int changes = draws.between(2, 5);
        for (int i = 0; i < changes; i++) {
            Draft draft = new Draft(now());
            fields().forEach(field -> draw(draft, field));
            change(draft);
            if (random.nextBoolean()) {
                draws.pause(1_000, 4_000);
            }
        }
        back(true);
        return said.toString();
    }

    /** Lasts long enough to judge estimates, and for turns to end if they ran on. Half the times turns are short. */
    String rate(boolean lower) throws InterruptedException {
        Draft draft = new Draft(now());
        double factor = Math.pow(MOST, random.nextDouble());
        draft.perSecond(before.ratePerSecond() * (lower ? 1 / factor : factor), 1);
        if (random.nextBoolean()) {
            draft.turnTtl = Duration.ofSeconds(draws.between(5, 7));
        }
        change(draft);
        // A turn of 6 s that ran on would end 4 s later: visitors may poll as late as the longer turn allowed.
        draws.pause(13_000, 15_000);
        back(false);
        return said.toString();
    }

    /** Sets mode Hold for a while, then Queue. */
    String held() throws InterruptedException {
        Draft hold = new Draft(before);
        hold.mode = Mode.HOLD;
        change(hold);
        Duration lasted = draws.pause(2_000, 4_000);
        Draft queue = new Draft(now());
        queue.mode = Mode.QUEUE;
        change(queue);
        return before.eventId() + " for " + lasted.toMillis() + " ms";
    }

    private Policy now() {
        return rooms.policy(before.eventId());
    }

    private Set<Field> fields() {
        Set<Field> fields = EnumSet.noneOf(Field.class);
        while (fields.isEmpty()) {
            for (Field field : Field.values()) {
                if ((field != Field.CAP || capped()) && random.nextDouble() < 0.35) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private void draw(Draft draft, Field field) {
        switch (field) {
            case RATE ->
                draft.perSecond(before.ratePerSecond() * Math.pow(MOST, 2 * random.nextDouble() - 1), (int)
                        draft.period.toSeconds());
            case PERIOD -> draft.perSecond(draft.rate / (double) draft.period.toSeconds(), draws.between(1, 60));
            case BURST -> draft.burst = draws.between(1, 10 * before.burst());
            case TTL -> draft.ttl = Duration.ofSeconds(draws.between(5, 60));
            case TURN_TTL -> draft.turnTtl = Duration.ofSeconds(draws.between(5, 120));
            case RESERVATION_TTL ->
                draft.reservationTtl = Duration.ofSeconds(draws.between(5, capped() ? MAX_SESSION : 600));
            case MAX_LENGTH ->
                draft.maxLength = random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(draws.between(1, 500));
            case MODE -> draft.mode = MODES.get(random.nextInt(MODES.size()));
            case CAP ->
                draft.cap =
                        random.nextInt(4) == 0 ? Optional.empty() : before.cap().map(this::another);
        }
    }

    private boolean capped() {
        return before.cap().isPresent();
    }

    /** A lower or a higher cap, and shorter or longer sessions. */
    private SessionCap another(SessionCap cap) {
        return new SessionCap(draws.between(1, 3 * cap.maxActive()), Duration.ofSeconds(draws.between(5, MAX_SESSION)));
    }

    /** As before, except for figures in which rooms differ a little. */
    private void back(boolean ttlToo) throws InterruptedException {
        Draft draft = new Draft(before);
        draft.perSecond(before.ratePerSecond() * draws.between(50, 200) / 100, 1);
        draft.burst = Math.max(1, before.burst() * draws.between(50, 200) / 100);
        if (ttlToo) {
            draft.ttl = Duration.ofSeconds(Math.max(LEAST_TTL, before.ttl().toSeconds() + draws.between(0, 10) - 2));
        }
        change(draft);
        draws.pause(3_000, 4_000);
    }

    private void change(Draft draft) {
        Policy old = now();
        Policy policy = draft.after(old);
        rooms.change(policy);
        rooms.awaitWritten();
        said.append(said.isEmpty() ? before.eventId() + ": " : "; ").append(words(policy));
    }

    private static String words(Policy policy) {
        return "%s %d in %d s, burst %d, ttl %d s, turn %d s, reservation %d s, at most %s, %s"
                .formatted(
                        policy.mode(),
                        policy.rate(),
                        policy.period().toSeconds(),
                        policy.burst(),
                        policy.ttl().toSeconds(),
                        policy.turnTtl().toSeconds(),
                        policy.reservationTtl().toSeconds(),
                        policy.maxLength().isPresent() ? policy.maxLength().getAsLong() : "any",
                        policy.cap()
                                .map(cap -> "%d sessions of %d s"
                                        .formatted(
                                                cap.maxActive(),
                                                cap.sessionTtl().toSeconds()))
                                .orElse("any sessions"));
    }

    /** A policy in the making. */
    private static final class Draft {
        private Mode mode;
        private int rate;
        private Duration period;
        private int burst;
        private Duration ttl;
        private Duration turnTtl;
        private Duration reservationTtl;
        private OptionalLong maxLength;
        private Optional<SessionCap> cap;

        Draft(Policy from) {
            mode = from.mode();
            rate = from.rate();
            period = from.period();
            burst = from.burst();
            ttl = from.ttl();
            turnTtl = from.turnTtl();
            reservationTtl = from.reservationTtl();
            maxLength = from.maxLength();
            cap = from.cap();
        }

        /** The nearest rate in whole numbers, in this period. A rate that needs a longer period gets one. */
        void perSecond(double perSecond, int seconds) {
            long longest = Math.clamp(Math.round(1 / perSecond), seconds, 3_600);
            long chosen = perSecond * seconds < 1 ? longest : seconds;
            period = Duration.ofSeconds(chosen);
            rate = Math.clamp(Math.round(perSecond * chosen), 1, 1_000_000);
        }

        Policy after(Policy old) {
            return new Policy(
                    old.eventId(),
                    old.incarnation(),
                    old.generation() + 1,
                    mode,
                    rate,
                    period,
                    burst,
                    ttl,
                    turnTtl,
                    maxLength,
                    reservationTtl,
                    old.message(),
                    cap);
        }
    }
}
