package dev.waitingroom.gateway.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds one parameter in a query without a map of all. */
final class Query {
    private Query() {}

    /** The first value of the name, decoded; empty if there is none. A value that cannot be decoded stays as it is. */
    static Optional<String> parameter(@Nullable String query, String name) {
        if (query == null) {
            return Optional.empty();
        }
        int from = 0;
        while (from <= query.length()) {
            int end = query.indexOf('&', from);
            if (end < 0) {
                end = query.length();
            }
            int value = from + name.length() + 1;
            if (value <= end && query.startsWith(name, from) && query.charAt(value - 1) == '=') {
                return Optional.of(decode(query.substring(value, end)));
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    private static String decode(String value) {
        if (value.indexOf('%') < 0 && value.indexOf('+') < 0) {
            return value;
        }
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
