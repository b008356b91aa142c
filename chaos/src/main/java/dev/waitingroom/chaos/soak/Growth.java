package dev.waitingroom.chaos.soak;

import java.time.Duration;
import java.util.List;

/** The growth of a figure over time, by least squares. */
final class Growth {
    /**
     * A figure at a time.
     *
     * @param at the time since the soak began
     */
    record Point(Duration at, double value) {}

    private static final double SECONDS_AN_HOUR = 3_600;

    private Growth() {}

    /** The slope of the best straight line, for an hour; 0 for fewer than two points. */
    static double anHour(List<Point> points) {
        double meanTime = points.stream().mapToDouble(Growth::hours).average().orElse(0);
        double meanValue = points.stream().mapToDouble(Point::value).average().orElse(0);
        double together = 0;
        double spread = 0;
        for (Point point : points) {
            double time = hours(point) - meanTime;
            together += time * (point.value() - meanValue);
            spread += time * time;
        }
        return spread > 0 ? together / spread : 0;
    }

    private static double hours(Point point) {
        return point.at().toMillis() / 1e3 / SECONDS_AN_HOUR;
    }
}
