package dev.waitingroom.gateway.http;

import org.jspecify.annotations.Nullable;

/** A path with one variable segment, such as {@code /waiting/{event_id}/logo}. */
record PathTemplate(String prefix, String suffix) {
    /** Whether the path has a variable. */
    static boolean isTemplate(String path) {
        return path.indexOf('{') >= 0;
    }

    /** @throws IllegalArgumentException if the path does not have exactly one variable, as a whole segment */
    static PathTemplate parse(String path) {
        int open = path.indexOf('{');
        int close = path.indexOf('}');
        boolean segment = open > 0
                && close > open
                && path.charAt(open - 1) == '/'
                && (close + 1 == path.length() || path.charAt(close + 1) == '/');
        if (!segment || path.indexOf('{', open + 1) >= 0) {
            throw new IllegalArgumentException("a path has one variable, as a whole segment; not " + path);
        }
        return new PathTemplate(path.substring(0, open), path.substring(close + 1));
    }

    /** The length of what {@link #match} matches of a path that may go on below; -1 if the path is not below the template. */
    int end(String path) {
        if (!path.startsWith(prefix)) {
            return -1;
        }
        int slash = path.indexOf('/', prefix.length());
        int end = slash < 0 ? path.length() : slash;
        return end == prefix.length() ? -1 : end;
    }

    /** The segment in place of the variable, as the client sent it; null if the path does not match. */
    @Nullable
    String match(String path) {
        int end = path.length() - suffix.length();
        if (end <= prefix.length() || !path.startsWith(prefix) || !path.endsWith(suffix)) {
            return null;
        }
        String value = path.substring(prefix.length(), end);
        return value.indexOf('/') < 0 ? value : null;
    }
}
