package dev.waitingroom.servlet;

import java.util.List;

/**
 * Which paths need a reservation: those that are included and not excluded. A pattern is a path, or one that ends with {@code /*} and means
 * the path before it with all below. Pure.
 */
public record PathRules(List<String> include, List<String> exclude) {
    private static final String BELOW = "/*";

    public PathRules {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    static boolean isPattern(String text) {
        String path = text.endsWith(BELOW) ? text.substring(0, text.length() - BELOW.length()) : text;
        return text.startsWith("/") && path.indexOf('*') < 0 && (path.isEmpty() || !isAmbiguous(path));
    }

    /** @param path decoded, without the context path */
    boolean isProtected(String path) {
        return isAmbiguous(path) || (matches(include, path) && !matches(exclude, path));
    }

    /** Whether parts of the shop may take the path for another one. It then needs a reservation, whatever the patterns say. */
    private static boolean isAmbiguous(String path) {
        return !path.startsWith("/")
                || path.contains("//")
                || path.contains("/./")
                || path.contains("/../")
                || path.endsWith("/.")
                || path.endsWith("/..")
                || path.chars().anyMatch(c -> c == '\\' || c == ';' || c == '%' || c < ' ' || c == 0x7f);
    }

    private static boolean matches(List<String> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, path));
    }

    private static boolean matches(String pattern, String path) {
        if (pattern.endsWith(BELOW)) {
            String parent = pattern.substring(0, pattern.length() - BELOW.length());
            return path.equals(parent) || path.startsWith(parent + "/");
        }
        // Many frameworks serve a path with a slash at its end, too.
        return path.equals(pattern) || path.equals(pattern + "/");
    }
}
