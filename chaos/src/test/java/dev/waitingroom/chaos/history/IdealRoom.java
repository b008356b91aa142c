package dev.waitingroom.chaos.history;

import dev.waitingroom.chaos.history.Event.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;

/**
 * A waiting room without faults, and its visitors: the simplest that keeps every promise. Answers come from a copy that is up to 200 ms
 * old, calls take up to 40 ms each way, some answers are lost behind the room, some visitors leave, sleep or vanish.
 */
final class IdealRoom {
    private static final long BEGIN = 1_700_000_000_000_000L;
    private static final long COPY = 200_000;
    private static final long POLL = 1_000_000;

    private record Step(long at, Runnable work) {}

    private final Random random;
    private final int rate;
    private final int burst;
    private final long ttl;
    private final double lossShare;
    private final PriorityQueue<Step> agenda = new PriorityQueue<>(java.util.Comparator.comparingLong(Step::at));
    private final List<Event> events = new ArrayList<>();
    private final TreeSet<Long> alive = new TreeSet<>();
    private final Map<Long, Long> heard = new HashMap<>();
    private final Map<Long, Long> asked = new HashMap<>();
    private final Map<Long, Long> grants = new HashMap<>();
    private final Map<Long, Outcome.State> ended = new HashMap<>();
    private final Map<String, Long> names = new HashMap<>();
    private TreeSet<Long> copy = new TreeSet<>();
    private long copied = BEGIN;
    private long copiedNext = 1;
    private long copiedHorizon = 1;
    private long next = 1;
    private long horizon = 1;
    private double tokens;
    private long filled = BEGIN;
    private long now = BEGIN;

    private IdealRoom(long seed, int rate, int burst, int ttlSeconds, double lossShare) {
        random = new Random(seed);
        this.rate = rate;
        this.burst = burst;
        this.ttl = ttlSeconds * 1_000_000L;
        this.lossShare = lossShare;
        this.tokens = burst;
    }

    static History play(long seed, int visitors, int rate, int burst, int ttlSeconds, double lossShare) {
        return new IdealRoom(seed, rate, burst, ttlSeconds, lossShare).play(visitors);
    }

    private History play(int visitors) {
        for (int i = 0; i < visitors; i++) {
            String name = "v" + i;
            agenda.add(new Step(BEGIN + random.nextInt(5_000_000), () -> join(name)));
        }
        tick();
        long end = BEGIN + 60_000_000;
        for (Step step = agenda.poll(); step != null && step.at < end; step = agenda.poll()) {
            now = step.at;
            step.work.run();
        }
        return new History(events);
    }

    private void in(long micros, Runnable work) {
        agenda.add(new Step(now + micros, work));
    }

    /** Every 50 ms: the horizon, those who are silent, and the copy. */
    private void tick() {
        refill();
        List<Long> silent = alive.stream()
                .filter(ticket -> now - heard.getOrDefault(ticket, 0L) > ttl * 5 / 4)
                .toList();
        for (long ticket : silent) {
            alive.remove(ticket);
            ended.put(ticket, Outcome.State.EXPIRED);
        }
        // Who is silent is not waited for: others are called instead.
        long here = here(horizon);
        while (alive.ceiling(horizon) != null && here < tokens + 0.7 * rate) {
            horizon = alive.ceiling(horizon) + 1;
            here++;
        }
        if (now - copied >= COPY - 50_000) {
            copy = new TreeSet<>(alive);
            copied = now;
            copiedNext = next;
            copiedHorizon = horizon;
        }
        in(50_000, this::tick);
    }

    private void refill() {
        tokens = Math.min(burst, tokens + (now - filled) / 1e6 * rate);
        filled = now;
    }

    /** Sends a call: its effect comes a little later, its answer later still, or never. */
    private void call(
            Kind kind,
            String visitor,
            long ticket,
            java.util.function.Supplier<Outcome> effect,
            java.util.function.Consumer<Outcome> then) {
        long sent = now;
        in(random.nextInt(40_000), () -> {
            Outcome outcome = effect.get();
            long position = outcome instanceof Outcome.Waiting waiting ? waiting.position() : 0;
            OptionalLong eta = position > 0 ? OptionalLong.of(eta(ticket)) : OptionalLong.empty();
            in(random.nextInt(40_000), () -> {
                boolean lost = random.nextDouble() < lossShare;
                Outcome told = lost ? new Outcome.Nothing() : outcome;
                Event.Told also = lost ? Event.Told.NOTHING : new Event.Told(position, eta, OptionalLong.of(POLL));
                Span span = new Span(sent, now);
                events.add(new Event(kind, span, "room", visitor, ticket, told, also));
                if (kind == Kind.ENTER && told instanceof Outcome.Took(long taken)) {
                    Long at = grants.get(taken);
                    if (at != null) {
                        events.add(new Event(Kind.ADMIT, span, "room", visitor, taken, granted(taken, at)));
                    }
                }
                then.accept(told);
            });
        });
    }

    /** Who is ahead and polled lately comes, as far as the room can know. */
    private long eta(long ticket) {
        refill();
        return (long) (Math.ceil(Math.max(0, here(ticket) + 1 - tokens) / rate) * 1e6);
    }

    private long here(long before) {
        return alive.headSet(before).stream()
                .filter(ticket -> now - heard.getOrDefault(ticket, 0L) < 3 * POLL)
                .count();
    }

    /** Every third asks to be admitted at once. */
    private void join(String name) {
        boolean enters = random.nextInt(3) == 0;
        call(
                enters ? Kind.ENTER : Kind.JOIN,
                name,
                0,
                () -> {
                    Long had = names.get(name);
                    boolean admittedBefore = enters && had != null && grants.containsKey(had);
                    if (had == null || (!alive.contains(had) && !admittedBefore)) {
                        had = next++;
                        names.put(name, had);
                        refill();
                        if (enters && alive.isEmpty() && tokens >= 1) {
                            tokens--;
                            grants.put(had, now);
                        } else {
                            alive.add(had);
                        }
                    }
                    heard.put(had, now); // a join that is repeated is a sign of life
                    return new Outcome.Took(had);
                },
                told -> {
                    if (told instanceof Outcome.Took(long ticket)) {
                        if (!grants.containsKey(ticket) && random.nextInt(10) > 0) { // the tenth vanishes
                            in(pause(), () -> poll(name, ticket));
                        }
                    } else {
                        in(pause(), () -> join(name));
                    }
                });
    }

    private long pause() {
        return random.nextInt(100) == 0 ? ttl * 2 : POLL * (80 + random.nextInt(40)) / 100;
    }

    private void poll(String name, long ticket) {
        call(Kind.POLL, name, ticket, () -> standing(ticket), told -> {
            switch (told) {
                case Outcome.Waiting waiting when waiting.ready() -> admit(name, ticket);
                case Outcome.Over over -> {}
                default -> {
                    if (random.nextInt(50) == 0) {
                        leave(name, ticket);
                    } else {
                        in(pause(), () -> poll(name, ticket));
                    }
                }
            }
        });
    }

    private Outcome standing(long ticket) {
        if (alive.contains(ticket)) {
            heard.put(ticket, now);
        }
        boolean beyond = ticket >= copiedNext && alive.contains(ticket);
        if (copy.contains(ticket) || beyond) {
            long ahead = copy.headSet(ticket).size() + (beyond ? ticket - copiedNext : 0);
            return new Outcome.Waiting(ahead + 1, ticket < copiedHorizon, false, copied);
        }
        if (grants.containsKey(ticket)) {
            return new Outcome.Over(Outcome.State.ADMITTED, copied);
        }
        return new Outcome.Over(ended.getOrDefault(ticket, Outcome.State.EXPIRED), copied);
    }

    private void admit(String name, long ticket) {
        call(Kind.ADMIT, name, ticket, () -> admission(ticket), told -> {
            switch (told) {
                case Outcome.Granted granted -> {
                    if (random.nextInt(5) == 0) {
                        in(pause(), () -> admit(name, ticket));
                    }
                }
                case Outcome.Denied denied -> in(300_000, () -> admit(name, ticket));
                case Outcome.Nothing nothing -> in(300_000, () -> admit(name, ticket));
                default -> {}
            }
        });
    }

    private Outcome admission(long ticket) {
        Long at = grants.get(ticket);
        if (at == null) {
            if (!alive.contains(ticket)) {
                return new Outcome.Gone();
            }
            refill();
            heard.put(ticket, now);
            asked.put(ticket, now);
            if (ticket >= horizon || tokens < 1 || someoneLowerAsks(ticket)) {
                return new Outcome.Denied();
            }
            tokens--;
            at = now;
            grants.put(ticket, at);
            alive.remove(ticket);
        }
        return granted(ticket, at);
    }

    private static Outcome granted(long ticket, long at) {
        return new Outcome.Granted("r" + ticket, at / 1_000_000);
    }

    /** Those who were refused ask again within half a second; tokens are for the lowest of them. */
    private boolean someoneLowerAsks(long ticket) {
        return alive.headSet(ticket).stream().anyMatch(lower -> now - asked.getOrDefault(lower, 0L) < 500_000);
    }

    private void leave(String name, long ticket) {
        call(
                Kind.LEAVE,
                name,
                ticket,
                () -> {
                    if (alive.remove(ticket)) {
                        ended.put(ticket, Outcome.State.LEFT);
                    }
                    return new Outcome.Left();
                },
                told -> {});
    }
}
