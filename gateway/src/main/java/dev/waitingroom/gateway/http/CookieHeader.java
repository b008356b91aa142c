package dev.waitingroom.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the {@code Cookie} header (RFC 6265, 4.2) as browsers write it, without a map of all cookies. */
public final class CookieHeader {
    private CookieHeader() {}

    /** The value of the first cookie of that name. */
    public static Optional<String> value(List<String> headers, String name) {
        for (String header : headers) {
            for (String pair : header.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(name) && cookie.length() > name.length() && cookie.charAt(name.length()) == '=') {
                    return Optional.of(unquoted(cookie.substring(name.length() + 1)));
                }
            }
        }
        return Optional.empty();
    }

    /** The names of the cookies that match, each once. */
    public static List<String> names(List<String> headers, Predicate<String> matches) {
        List<String> names = new ArrayList<>();
        for (String header : headers) {
            for (String pair : header.split(";", -1)) {
                String name = name(pair);
                if (matches.test(name) && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** The header without the cookies that match. The others stay as they are. Empty if none is left. */
    public static Optional<String> without(String header, Predicate<String> matches) {
        StringBuilder kept = new StringBuilder(header.length());
        for (String pair : header.split(";", -1)) {
            if (!pair.isBlank() && !matches.test(name(pair))) {
                kept.append(kept.isEmpty() ? "" : "; ").append(pair.strip());
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.toString());
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return (equals < 0 ? pair : pair.substring(0, equals)).strip();
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
