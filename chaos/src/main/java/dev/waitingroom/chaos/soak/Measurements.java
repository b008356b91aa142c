package dev.waitingroom.chaos.soak;

import dev.waitingroom.chaos.soak.Growth.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All measurements by process, and their table. */
final class Measurements {
    private record Series(String process, Measure measure) {}

    private final Duration warmUp;
    private final Map<Series, List<Point>> series = new LinkedHashMap<>();

    /** @param warmUp measurements of this time at the begin do not count */
    Measurements(Duration warmUp) {
        this.warmUp = warmUp;
    }

    void add(String process, Measure measure, Duration at, double value) {
        if (at.compareTo(warmUp) >= 0) {
            series.computeIfAbsent(new Series(process, measure), _ -> new ArrayList<>())
                    .add(new Point(at, value));
        }
    }

    /** A sentence for each figure that grew too much. */
    List<String> tooMuch() {
        var found = new ArrayList<String>();
        series.forEach((key, points) -> {
            double growth = Growth.anHour(points);
            if (growth > key.measure.limit()) {
                found.add("%s of %s grew by %s an hour, more than %s"
                        .formatted(
                                key.measure.words(),
                                key.process,
                                figure(key.measure, growth),
                                figure(key.measure, key.measure.limit())));
            }
        });
        return found;
    }

    /** The table in Markdown. */
    String table() {
        var table = new StringBuilder(
                        "| process | measured | after the warm-up | at the end | growth an hour | limit |\n")
                .append("|---|---|--:|--:|--:|--:|\n");
        series.forEach((key, points) -> table.append("| %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        key.process,
                        key.measure.words(),
                        figure(key.measure, points.getFirst().value()),
                        figure(key.measure, points.getLast().value()),
                        figure(key.measure, Growth.anHour(points)),
                        figure(key.measure, key.measure.limit()))));
        return table.toString();
    }

    private static String figure(Measure measure, double value) {
        return String.format(Locale.ROOT, "%,.1f %s", value + 0.0, measure.unit())
                .strip();
    }
}
