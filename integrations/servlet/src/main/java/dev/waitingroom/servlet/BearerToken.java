package dev.waitingroom.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The token of {@code Authorization: Bearer} (RFC 6750). */
final class BearerToken {
    private static final String SCHEME = "Bearer ";

    private BearerToken() {}

    static Optional<String> of(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }
}
