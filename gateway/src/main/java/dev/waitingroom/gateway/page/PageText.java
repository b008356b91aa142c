package dev.waitingroom.gateway.page;

import dev.waitingroom.queue.eta.Eta;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Writes figures in a language, for pages without script. The script has the same rules. */
record PageText(Language language) {
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;

    /** From here on an estimate is in hours. */
    private static final long MANY_MINUTES = 90;

    String number(long number) {
        return language.numbers().format(number);
    }

    /** A range, such as "About 4 to 6 minutes". No number while the wait is unknown. */
    String eta(Optional<Eta> eta) {
        return eta.map(known -> eta(known.earliest().toSeconds(), known.latest().toSeconds()))
                .orElseGet(() -> language.text("eta.unknown"));
    }

    private String eta(long earliest, long latest) {
        if (latest <= MINUTE) {
            return language.text("eta.soon");
        }
        return latest <= MANY_MINUTES * MINUTE
                ? range("eta.minutes", earliest, latest, MINUTE)
                : range("eta.hours", earliest, latest, HOUR);
    }

    private String range(String key, long earliest, long latest, long unit) {
        long from = Math.max(1, earliest / unit);
        long to = Math.ceilDiv(latest, unit);
        String text = from >= to ? language.plural(key, to) : language.plural(key + ".range", to);
        return text.replace("{from}", number(from)).replace("{n}", number(to));
    }

    /** Rounded to what a visitor counts in: seconds below two minutes, minutes above. */
    String duration(Duration duration) {
        long seconds = duration.toSeconds();
        boolean few = seconds < 2 * MINUTE;
        long n = few ? seconds : seconds / MINUTE;
        return language.plural(few ? "duration.seconds" : "duration.minutes", n).replace("{n}", number(n));
    }

    /** The time of day in UTC: only the script knows the visitor's zone. */
    String time(Instant instant) {
        LocalTime time = LocalTime.ofInstant(instant, ZoneOffset.UTC);
        NumberText numbers = language.numbers();
        return numbers.two(time.getHour()) + ":" + numbers.two(time.getMinute()) + ":" + numbers.two(time.getSecond())
                + " UTC";
    }
}
