package dev.waitingroom.gateway.client;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The header in which proxies name the client. Only one is read, since a proxy sets one and passes the other on as the client sent
 * it.
 */
public enum AddressHeader {
    /** The de facto standard: addresses separated by commas, the nearest hop last. */
    X_FORWARDED_FOR("X-Forwarded-For", "X-Forwarded-Proto") {
        @Override
        String address(String element) {
            return withoutPort(element);
        }

        @Override
        String scheme(String element) {
            return element.strip();
        }
    },
    /** RFC 7239: elements separated by commas, the nearest hop last, each with a {@code for}. */
    FORWARDED("Forwarded", "Forwarded") {
        @Override
        String address(String element) {
            return withoutPort(parameter(element, FOR));
        }

        @Override
        String scheme(String element) {
            return parameter(element, PROTO);
        }
    };

    private static final String FOR = "for=";
    private static final String PROTO = "proto=";

    private final String header;
    private final String schemeHeader;

    AddressHeader(String header, String schemeHeader) {
        this.header = header;
        this.schemeHeader = schemeHeader;
    }

    /** The name of the header. */
    public String header() {
        return header;
    }

    /** The name of the header in which the same proxies name the scheme of the client's request. */
    public String schemeHeader() {
        return schemeHeader;
    }

    /** @throws IllegalArgumentException if it is another header */
    public static AddressHeader parse(String header) {
        return Arrays.stream(values())
                .filter(value -> value.header.toLowerCase(Locale.ROOT).equals(header.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unsupported header \"" + header + "\""));
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(AddressHeader::header).toList();
    }

    /** The address in one element of the list; any other text if there is none. */
    abstract String address(String element);

    /** The scheme in one element of the list; any other text if there is none. */
    abstract String scheme(String element);

    /** A parameter of an element of Forwarded; empty if it has none. */
    private static String parameter(String element, String name) {
        for (String pair : element.split(";", -1)) {
            String stripped = pair.strip();
            if (stripped.regionMatches(true, 0, name, 0, name.length())) {
                return unquoted(stripped.substring(name.length()));
            }
        }
        return "";
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Also reads {@code a.b.c.d:port} and {@code [v6]:port}. */
    private static String withoutPort(String element) {
        String text = element.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
