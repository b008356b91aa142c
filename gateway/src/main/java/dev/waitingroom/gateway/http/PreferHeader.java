package dev.waitingroom.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code wait} of RFC 7240: how long the caller wants an answer to be held at most. */
final class PreferHeader {
    private static final Pattern WAIT =
            Pattern.compile("(?:^|,)\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?=$|[,;])", Pattern.CASE_INSENSITIVE);

    private PreferHeader() {}

    /** @return what the first header that has one says, cut to {@code most}; {@code most} where none does */
    static Duration wait(List<String> prefer, Duration most) {
        for (String header : prefer) {
            Matcher matcher = WAIT.matcher(header);
            if (matcher.find()) {
                Duration wait = Duration.ofSeconds(Integer.parseInt(matcher.group(1)));
                return wait.compareTo(most) < 0 ? wait : most;
            }
        }
        return most;
    }
}
