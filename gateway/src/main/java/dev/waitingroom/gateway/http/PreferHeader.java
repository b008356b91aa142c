package dev.waitingroom.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code wait} of RFC 7240: the longest time that the caller wants to wait for an answer. */
final class PreferHeader {
    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])", Pattern.CASE_INSENSITIVE);

    private PreferHeader() {}

    /** @return the {@code wait} of the first header that has one, at most {@code max}; {@code max} if there is none */
    static Duration wait(List<String> prefer, Duration max) {
        for (String header : prefer) {
            Matcher matcher = WAIT.matcher(header);
            if (matcher.find()) {
                Duration wait = Duration.ofSeconds(Integer.parseInt(matcher.group(1)));
                return wait.compareTo(max) < 0 ? wait : max;
            }
        }
        return max;
    }
}
