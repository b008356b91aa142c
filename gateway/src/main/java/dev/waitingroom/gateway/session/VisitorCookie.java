package dev.waitingroom.gateway.session;

import dev.waitingroom.gateway.http.CookieHeader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The cookies of a visitor. Over https their names begin with {@code __Host-}: browsers then accept them only from this host over https, for
 * all paths, so that no other host of the site can plant one. Over plain http browsers refuse that prefix, so the names lack it.
 */
public enum VisitorCookie {
    /** An admission, see {@link SessionCodec}. */
    SESSION("wr-"),

    /** The waiting token of a visitor in line. */
    WAITING_TOKEN("wrt-");

    private static final String HOST_PREFIX = "__Host-";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";
    private static final String SECURE = "; Secure";

    private final String prefix;

    VisitorCookie(String prefix) {
        this.prefix = prefix;
    }

    /**
     * @param eventId of the room; its characters may stand in the name of a cookie
     * @param secure whether the request came over https
     */
    public String name(String eventId, boolean secure) {
        return (secure ? HOST_PREFIX : "") + prefix + eventId;
    }

    /** The value in a request. Only the name of the request's scheme counts. */
    public Optional<String> value(List<String> cookieHeaders, String eventId, boolean secure) {
        return CookieHeader.value(cookieHeaders, name(eventId, secure));
    }

    /** The events of all cookies of this kind in a request. */
    public List<String> events(List<String> cookieHeaders, boolean secure) {
        String begin = (secure ? HOST_PREFIX : "") + prefix;
        return CookieHeader.names(cookieHeaders, name -> name.startsWith(begin)).stream()
                .map(name -> name.substring(begin.length()))
                .toList();
    }

    /**
     * A {@code Set-Cookie} that stores the cookie.
     *
     * @param value characters that may stand in a cookie, such as base64url
     */
    public String set(String eventId, boolean secure, String value, Duration maxAge) {
        return name(eventId, secure) + "=" + value + ATTRIBUTES + (secure ? SECURE : "") + "; Max-Age="
                + maxAge.toSeconds();
    }

    /** A {@code Set-Cookie} that deletes the cookie. */
    public String delete(String eventId, boolean secure) {
        return name(eventId, secure) + "=" + ATTRIBUTES + (secure ? SECURE : "") + "; Max-Age=0";
    }

    /**
     * What the service behind the room may see of a {@code Cookie} header: not the cookies of this event, nor any other of ours that a
     * browser protects. Empty if nothing is left.
     */
    public static Optional<String> strip(String cookieHeader, String eventId) {
        return CookieHeader.without(cookieHeader, name -> isOurs(name, eventId));
    }

    private static boolean isOurs(String name, String eventId) {
        for (VisitorCookie cookie : values()) {
            if (name.startsWith(HOST_PREFIX + cookie.prefix) || name.equals(cookie.name(eventId, false))) {
                return true;
            }
        }
        return false;
    }
}
