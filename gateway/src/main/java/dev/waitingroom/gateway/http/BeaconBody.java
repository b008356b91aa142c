package dev.waitingroom.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the body of {@code navigator.sendBeacon}: JSON of any media type, a form (URLSearchParams), or a multipart form (FormData). Pages
 * send JSON as text/plain, since another origin then needs no preflight.
 */
public final class BeaconBody {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");

    private BeaconBody() {}

    /** @return empty if the body has no such field, or is malformed */
    public static Optional<String> field(String contentType, byte[] body, String name) {
        String type = contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded")) {
            return Query.parameter(text(body), name);
        }
        if (type.startsWith("multipart/form-data")) {
            return part(contentType, text(body), name);
        }
        try {
            return JsonFields.read(body, Set.of(name)).raw(name);
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    /** Reads RFC 7578 as browsers write it: each part begins with its Content-Disposition. */
    private static Optional<String> part(String contentType, String body, String name) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return Optional.empty();
        }
        String delimiter = "--" + Optional.ofNullable(boundary.group(1)).orElseGet(() -> boundary.group(2));
        for (String part : body.split(Pattern.quote(delimiter), -1)) {
            int head = part.indexOf("\r\n\r\n");
            if (head >= 0 && part.substring(0, head).contains(" name=\"" + name + "\"")) {
                String value = part.substring(head + 4);
                return Optional.of(value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value);
            }
        }
        return Optional.empty();
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
