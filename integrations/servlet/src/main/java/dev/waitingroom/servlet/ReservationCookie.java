package dev.waitingroom.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The cookie in which a browser presents its reservation. */
record ReservationCookie(String room) {
    /** Every value: another host of the domain may have set a cookie of this name, too. */
    List<String> values(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return List.of();
        }
        String name = name(request);
        return Arrays.stream(cookies)
                .filter(cookie -> name.equals(cookie.getName()))
                .map(Cookie::getValue)
                .toList();
    }

    Cookie with(String token, Duration left, HttpServletRequest request) {
        Cookie cookie = new Cookie(name(request), token);
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(request.isSecure());
        cookie.setMaxAge((int) Math.min(left.toSeconds(), Integer.MAX_VALUE));
        cookie.setAttribute("SameSite", "Lax");
        return cookie;
    }

    private String name(HttpServletRequest request) {
        return (request.isSecure() ? "__Host-" : "") + "reservation-" + room;
    }
}
