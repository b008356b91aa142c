package dev.waitingroom.gateway.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The web origins whose pages may call from a browser.
 *
 * @param origins as browsers write them, such as {@code https://tickets.example}; {@code *} for all origins origins
 * @param credentials whether the browser may send cookies and client certificates, which a proxy in front may need
 */
public record WebOrigins(Set<String> origins, boolean credentials) {
    public static final WebOrigins NONE = new WebOrigins(Set.of(), false);

    private static final String ALL = "*";
    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

    /** @throws IllegalArgumentException if an origin is not as browsers write it, or credentials are combined with {@code *} */
    public WebOrigins {
        origins = Set.copyOf(origins);
        origins.stream().filter(origin -> !origin.equals(ALL)).forEach(WebOrigins::check);
        if (credentials && origins.contains(ALL)) {
            throw new IllegalArgumentException(
                    "credentials are not allowed with *: every website could act for the visitor");
        }
    }

    /** @param origins in any order, repeated or not */
    public static WebOrigins of(List<String> origins, boolean credentials) {
        return new WebOrigins(new LinkedHashSet<>(origins), credentials);
    }

    private static void check(String origin) {
        Matcher matcher = ORIGIN.matcher(origin);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + origin
                    + "\" is not an origin: scheme, host and any non-default port, in lower case, without a path");
        }
        String port = matcher.group(2);
        if (port != null && port.equals(defaultPort(matcher.group(1)))) {
            throw new IllegalArgumentException(
                    "\"" + origin + "\" has the default port, which browsers leave out: leave out :" + port);
        }
    }

    private static String defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> "80";
            case "https" -> "443";
            default -> "";
        };
    }

    public boolean none() {
        return origins.isEmpty();
    }

    public boolean allow(String origin) {
        return origins.contains(ALL) || origins.contains(origin);
    }

    /** The origin to allow if the request's Origin is unknown: {@code *}, or the only one that is allowed. */
    public Optional<String> only() {
        if (origins.contains(ALL)) {
            return Optional.of(ALL);
        }
        return origins.size() == 1 ? origins.stream().findFirst() : Optional.empty();
    }
}
