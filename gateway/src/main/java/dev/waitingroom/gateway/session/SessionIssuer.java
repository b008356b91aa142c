package dev.waitingroom.gateway.session;

import dev.waitingroom.queue.site.SessionRules;
import dev.waitingroom.queue.ticket.Ticket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Makes the cookies of sessions. Thread-safe. */
public final class SessionIssuer {
    private static final int ID_BYTES = 16;
    /** A session is renewed once this part of its time has passed, so that not every answer carries a cookie. */
    private static final int RENEWED_AFTER = 10;

    private final Supplier<SessionCodec> codec;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** @param codec the current codec */
    public SessionIssuer(Supplier<SessionCodec> codec, InstantSource clock) {
        this.codec = codec;
        this.clock = clock;
    }

    /**
     * A {@code Set-Cookie} for a visitor who was just admitted.
     *
     * @param begins by this clock; read once, since the time that the session lasts may have been measured from it
     * @param lasts how long the session lasts from then
     * @param secure whether the request came over https
     */
    public String start(Ticket ticket, Instant begins, Duration lasts, boolean secure) {
        return cookie(Session.of(ticket, begins.plus(lasts)), lasts, secure);
    }

    /**
     * A {@code Set-Cookie} for a visitor who need not wait.
     *
     * @param incarnation of the room
     */
    public String startWithoutTicket(String eventId, long incarnation, Duration lasts, boolean secure) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        return cookie(
                new Session(
                        eventId,
                        incarnation,
                        text,
                        OptionalLong.empty(),
                        clock.instant().plus(lasts)),
                lasts,
                secure);
    }

    /** A {@code Set-Cookie} that lets the session last until then. */
    public String renew(Session session, Instant until, boolean secure) {
        return cookie(session.until(until), Duration.between(clock.instant(), until), secure);
    }

    /** Whether the room renews sessions, and this one is due. */
    boolean isDue(Session session, SessionRules rules) {
        Duration left = Duration.between(now(), session.expiresAt());
        return rules.renewed()
                && left.compareTo(rules.lasts().minus(rules.lasts().dividedBy(RENEWED_AFTER))) < 0;
    }

    /** Checks the value of a cookie. */
    public SessionCheck verify(String value, String eventId, long incarnation) {
        return codec.get().verify(value, eventId, incarnation, now());
    }

    /** The clock by which sessions end. */
    public Instant now() {
        return clock.instant();
    }

    private String cookie(Session session, Duration lasts, boolean secure) {
        return VisitorCookie.SESSION.set(session.eventId(), secure, codec.get().encode(session), lasts);
    }
}
