package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date of answers (RFC 9110, 6.6.1), formatted once a second. Thread-safe. */
final class HttpDate {
    private static final DateTimeFormatter IMF = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private volatile Written written = new Written(Long.MIN_VALUE, "");

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    private record Written(long second, CharSequence text) {}

    CharSequence now() {
        long second = Math.floorDiv(clock.millis(), 1_000L);
        Written last = written;
        if (last.second() != second) {
            last = new Written(second, HttpHeaders.createOptimized(IMF.format(Instant.ofEpochSecond(second))));
            written = last;
        }
        return last.text();
    }
}
