package dev.waitingroom.chaos.site;

import dev.waitingroom.chaos.history.SessionEvent.Kind;
import dev.waitingroom.chaos.history.SessionOutcome;
import dev.waitingroom.chaos.site.SessionCookies.Cookie;
import dev.waitingroom.testkit.visitors.HttpAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One admitted visitor in the room: begins a session, uses it for a while, and ends it or lets it run out. Then a copy of the cookie is tried
 * once more, which must not help. Some visitors keep renewed cookies, others drop them as some proxies do. Some try a forged cookie. Runs
 * only on the event loop.
 */
final class SessionVisit {
    private static final Duration BETWEEN_USES = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 5;

    /** Each gateway learns of an ended session within 1.25 s, or later if the machine is slow. */
    private static final Duration COPY_AFTER = Duration.ofSeconds(3);

    private static final double RENEW_SHARE = 0.7;
    private static final double FORGE_SHARE = 0.3;

    private final SessionVisitors world;
    private final String token;
    private final SplittableRandom random;
    private final boolean renews;
    private final boolean forges;
    private final boolean ends;
    private final Duration stay;
    private int gateway;
    private int tries;
    private Instant leavesAt = Instant.MAX;

    SessionVisit(SessionVisitors world, String token, SplittableRandom random) {
        SessionHabits habits = world.habits();
        this.world = world;
        this.token = token;
        this.random = random;
        this.renews = random.nextDouble() < RENEW_SHARE;
        this.forges = random.nextDouble() < FORGE_SHARE;
        this.ends = random.nextDouble() < habits.endShare();
        this.stay = Duration.ofMillis(
                random.nextLong(habits.shortest().toMillis(), habits.longest().toMillis() + 1));
        this.gateway = random.nextInt(Integer.MAX_VALUE);
    }

    void begin() {
        world.send(
                gateway++,
                Kind.BEGIN,
                world.ticket(token),
                0,
                world.calls().begin(token),
                world.calls()::begun,
                answered -> {
                    Optional<Cookie> cookie = cookie(answered.answer());
                    if (answered.outcome() instanceof SessionOutcome.Passed && cookie.isPresent()) {
                        leavesAt = Instant.now().plus(stay);
                        goOn(cookie.get());
                    } else if (answered.outcome() instanceof SessionOutcome.Unknown && ++tries < MAX_TRIES) {
                        world.after(RETRY, this::begin);
                    }
                });
    }

    private Optional<Cookie> cookie(Optional<HttpAnswer> answer) {
        return answer.flatMap(came -> world.cookies().set(came.cookies()));
    }

    private void goOn(Cookie cookie) {
        if (!Instant.now().isBefore(leavesAt)) {
            leave(cookie);
            return;
        }
        use(cookie, answered -> {
            switch (answered.outcome()) {
                case SessionOutcome.Passed _ -> {
                    Cookie kept = renews ? cookie(answered.answer()).orElse(cookie) : cookie;
                    world.after(BETWEEN_USES, () -> goOn(kept));
                }
                case SessionOutcome.Unknown _ -> world.after(BETWEEN_USES, () -> goOn(cookie));
                default -> {} // it has run out, or another visitor with the same place ended it
            }
        });
    }

    private void use(Cookie cookie, Consumer<SessionVisitors.Answered> then) {
        world.send(
                gateway++,
                Kind.USE,
                ticket(cookie),
                SessionCalls.over(cookie),
                SessionCalls.use(world.eventId(), cookie.value()),
                world.calls()::used,
                then);
    }

    private void leave(Cookie cookie) {
        if (forges) {
            forge(cookie);
        }
        if (ends) {
            tries = 0;
            end(cookie);
        } else {
            Duration left = Duration.between(Instant.now(), cookie.session().expiresAt());
            world.after((left.isNegative() ? Duration.ZERO : left).plus(RETRY), () -> use(cookie, ignored -> {}));
        }
    }

    private void end(Cookie cookie) {
        world.send(
                gateway++,
                Kind.END,
                ticket(cookie),
                SessionCalls.over(cookie),
                world.calls().end(cookie.value()),
                SessionCalls::ended,
                answered -> {
                    if (answered.outcome() instanceof SessionOutcome.Unknown && ++tries < MAX_TRIES) {
                        world.after(RETRY, () -> end(cookie));
                    } else {
                        world.after(COPY_AFTER, () -> use(cookie, ignored -> {}));
                    }
                });
    }

    /** Shows the cookie changed, or in another room. */
    private void forge(Cookie cookie) {
        boolean elsewhere = !world.otherEvents().isEmpty() && random.nextBoolean();
        String event = elsewhere
                ? world.otherEvents().get(random.nextInt(world.otherEvents().size()))
                : world.eventId();
        String value = elsewhere ? cookie.value() : SessionCookies.altered(cookie.value(), random);
        world.send(
                gateway++,
                Kind.FORGE,
                ticket(cookie),
                SessionCalls.over(cookie),
                SessionCalls.use(event, value),
                world.calls()::used,
                ignored -> {});
    }

    private static long ticket(Cookie cookie) {
        return cookie.session().ticket().orElse(0);
    }
}
