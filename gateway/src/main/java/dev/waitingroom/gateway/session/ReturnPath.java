package dev.waitingroom.gateway.session;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where an admitted visitor goes: a path on the host that served the page, with its query. Anything that a browser may take for another
 * host is refused, so that no link to the page leads elsewhere (open redirect).
 *
 * @param value ASCII, as it may stand in {@code Location}
 */
public record ReturnPath(String value) {
    /** Where a visitor goes who asked for nothing, or for something that is refused. */
    public static final ReturnPath ROOT = new ReturnPath("/");

    /** The path of a room's page, before the event id. */
    public static final String PAGE = "/waiting/";

    private static final int MAX_LENGTH = 4 * 1024;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** The characters of RFC 3986, and {@code |^[]}, which browsers send as they are. */
    private static final String PUNCTUATION = "-._~:/?#[]@!$&'()*+,;=%|^";

    /** Checks a path. Empty if it is not one of this host. */
    public static Optional<ReturnPath> parse(String text) {
        if (!text.startsWith("/") || text.length() > MAX_LENGTH || text.startsWith("//")) {
            return Optional.empty();
        }
        // Browsers read \ as /, and leave out tabs and line ends: both could hide a second slash, and a line end splits
        // a header.
        if (text.chars().anyMatch(c -> c == '\\' || c < ' ' || c == 0x7f)) {
            return Optional.empty();
        }
        return Optional.of(new ReturnPath(ascii(text)));
    }

    /** The path, or {@link #ROOT} if there is none or it is refused. */
    public static ReturnPath orRoot(Optional<String> text) {
        return text.flatMap(ReturnPath::parse).orElse(ROOT);
    }

    /** The address of an event's page, from which the visitor comes back here. */
    public String from(String eventId) {
        return PAGE + eventId + "?return=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return (c < 0x80 && Character.isLetterOrDigit(c)) || PUNCTUATION.indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
