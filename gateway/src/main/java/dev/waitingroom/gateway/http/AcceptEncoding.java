package dev.waitingroom.gateway.http;

import java.util.List;
import java.util.Locale;

/** Reads {@code Accept-Encoding} (RFC 9110, 12.5.3). Pure. */
final class AcceptEncoding {
    private static final String GZIP = "gzip";
    private static final String ANY = "*";

    private AcceptEncoding() {}

    /**
     * Whether a client that sends these values takes gzip. Without the header it does not ask for it, though it would have to take it.
     *
     * @param values of all fields of the request
     */
    static boolean takesGzip(List<String> values) {
        boolean any = false;
        for (String value : values) {
            for (String element : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                String[] parts = element.split(";", -1);
                String coding = parts[0].strip();
                if (coding.equals(GZIP)) {
                    return quality(parts) > 0;
                }
                any |= coding.equals(ANY) && quality(parts) > 0;
            }
        }
        return any;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
