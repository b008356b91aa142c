package dev.waitingroom.chaos.acceptance;

import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Draws the answers that some visitors got, as SVG. Left: their position until the admission. Right: the estimated wait against the actual
 * wait.
 */
final class SaleChart {
    private static final int SHOWN = 12;
    private static final int WIDTH = 400;
    private static final int HEIGHT = 260;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int RIGHT_CHART = LEFT + WIDTH + 90;

    /** An admitted visitor: the time of the admission, and the answers before. */
    private record Visit(List<Told> told, double admittedAt) {}

    /** A position and an estimate in seconds, at a second of the run. */
    private record Told(double at, long position, double eta) {}

    private SaleChart() {}

    /** Writes {@code target/sale.svg}. */
    static void draw(List<Call> calls, String title) throws IOException {
        Instant begun =
                calls.stream().map(Call::invoked).min(Comparator.naturalOrder()).orElseThrow();
        Map<Integer, List<Call>> byVisitor =
                calls.stream().collect(Collectors.groupingBy(Call::visitor, TreeMap::new, Collectors.toList()));
        int step = Math.max(1, byVisitor.size() / SHOWN);
        List<Visit> visits = byVisitor.entrySet().stream()
                .filter(entry -> entry.getKey() % step == step - 1)
                .map(entry -> visit(entry.getValue(), begun))
                .filter(visit -> !visit.told.isEmpty())
                .toList();
        Files.writeString(Path.of("target", "sale.svg"), svg(visits, title));
    }

    private static Visit visit(List<Call> calls, Instant begun) {
        double admitted = calls.stream()
                .filter(call -> call.answer() instanceof Answer.Admitted)
                .mapToDouble(call -> seconds(begun, call.completed()))
                .min()
                .orElse(Double.NaN);
        List<Told> told = calls.stream()
                .filter(call -> call.answer() instanceof Answer.Standing standing && standing.waiting())
                .map(call -> {
                    var standing = (Answer.Standing) call.answer();
                    double eta = standing.eta().map(Duration::toSeconds).orElse(0L);
                    return new Told(seconds(begun, call.completed()), standing.position(), eta);
                })
                .toList();
        return new Visit(told, admitted);
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    private static String svg(List<Visit> visits, String title) {
        double end = visits.stream().mapToDouble(Visit::admittedAt).max().orElse(1);
        double most = visits.stream()
                .flatMap(visit -> visit.told.stream())
                .mapToLong(Told::position)
                .max()
                .orElse(1);
        var out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n",
                RIGHT_CHART + WIDTH + 20,
                TOP + HEIGHT + 50));
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        text(out, LEFT, 14, "start", title);
        frame(out, LEFT, "seconds since the first visitor came", "position", end, most);
        frame(out, RIGHT_CHART, "seconds until they were admitted", "seconds they were told", end, end);
        line(out, x(RIGHT_CHART, 0, end), y(0, end), x(RIGHT_CHART, end, end), y(end, end), "#bbb");
        for (int i = 0; i < visits.size(); i++) {
            Visit visit = visits.get(i);
            String color = String.format(Locale.ROOT, "hsl(%d 65%% 45%%)", 360 * i / visits.size());
            String points = visit.told.stream()
                    .map(told -> String.format(
                            Locale.ROOT, "%.1f,%.1f", x(LEFT, told.at, end), y((double) told.position, most)))
                    .collect(Collectors.joining(" "));
            out.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s %.1f,%.1f\"/>\n",
                    color,
                    points,
                    x(LEFT, visit.admittedAt, end),
                    y(0, most)));
            for (Told told : visit.told) {
                out.append(String.format(
                        Locale.ROOT,
                        "<circle r=\"2.2\" fill=\"%s\" cx=\"%.1f\" cy=\"%.1f\"/>\n",
                        color,
                        x(RIGHT_CHART, visit.admittedAt - told.at, end),
                        y(told.eta, end)));
            }
        }
        return out.append("</svg>\n").toString();
    }

    private static void frame(StringBuilder out, int left, String xTitle, String yTitle, double xMax, double yMax) {
        line(out, left, TOP + HEIGHT, left + WIDTH, TOP + HEIGHT, "#333");
        line(out, left, TOP, left, TOP + HEIGHT, "#333");
        text(out, left + WIDTH / 2.0, TOP + HEIGHT + 38, "middle", xTitle);
        text(out, left, TOP - 10, "start", yTitle);
        for (int i = 0; i <= 4; i++) {
            text(
                    out,
                    left + WIDTH * i / 4.0,
                    TOP + HEIGHT + 18,
                    "middle",
                    String.format(Locale.ROOT, "%.0f", xMax * i / 4));
            text(
                    out,
                    left - 6,
                    TOP + HEIGHT - HEIGHT * i / 4.0 + 4,
                    "end",
                    String.format(Locale.ROOT, "%.0f", yMax * i / 4));
        }
    }

    private static double x(int left, double value, double max) {
        return left + WIDTH * value / max;
    }

    private static double y(double value, double max) {
        return TOP + HEIGHT - HEIGHT * Math.min(value, max) / max;
    }

    private static void line(StringBuilder out, double x1, double y1, double x2, double y2, String color) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                x1,
                y1,
                x2,
                y2,
                color));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text));
    }
}
