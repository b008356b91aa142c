package dev.waitingroom.chaos.site;

import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionCheck;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.gateway.session.VisitorCookie;
import dev.waitingroom.queue.policy.Policy;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The cookies of one room's visitors, over plain http. Pure. */
final class SessionCookies {
    /**
     * A session's cookie.
     *
     * @param value as it is sent
     * @param session read from it
     */
    record Cookie(String value, Session session) {}

    private final SessionCodec codec;
    private final String eventId;
    private final long incarnation;

    SessionCookies(SessionCodec codec, Policy policy) {
        this.codec = codec;
        this.eventId = policy.eventId();
        this.incarnation = policy.incarnation();
    }

    /** The session that an answer sets; empty if it sets none, or one that no gateway of this site made. */
    Optional<Cookie> set(List<String> setCookies) {
        String begin = VisitorCookie.SESSION.name(eventId, false) + "=";
        return setCookies.stream()
                .filter(cookie -> cookie.startsWith(begin))
                .map(cookie -> cookie.substring(begin.length()).replaceFirst(";.*", ""))
                .flatMap(value -> read(value).stream())
                .findFirst();
    }

    /** Reads a cookie, whether it has expired or not. */
    private Optional<Cookie> read(String value) {
        return codec.verify(value, eventId, incarnation, Instant.EPOCH) instanceof SessionCheck.Valid(Session session)
                ? Optional.of(new Cookie(value, session))
                : Optional.empty();
    }

    /** The {@code Cookie} header with a waiting token. */
    String waiting(String token) {
        return VisitorCookie.WAITING_TOKEN.name(eventId, false) + "=" + token;
    }

    /** The {@code Cookie} header with a session, for this room or another one. */
    static String session(String event, String value) {
        return VisitorCookie.SESSION.name(event, false) + "=" + value;
    }

    /** The cookie with one bit changed. */
    static String altered(String value, SplittableRandom random) {
        byte[] bytes = Base64.getUrlDecoder().decode(value);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
