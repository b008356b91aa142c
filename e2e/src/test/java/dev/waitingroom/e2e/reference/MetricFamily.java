package dev.waitingroom.e2e.reference;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A metric as Prometheus reads it.
 *
 * @param labels all that its series have; without those of buckets
 */
record MetricFamily(String name, String type, String help, Set<String> labels) {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) ?(.*)");
    private static final Pattern LABEL = Pattern.compile("[{,]([a-zA-Z_][a-zA-Z0-9_]*)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Set<String> OF_BUCKETS = Set.of("le", "quantile");

    /** Those of a scrape, by name. */
    static List<MetricFamily> of(String scrape) {
        Map<String, MetricFamily> families = new TreeMap<>();
        String current = "";
        for (String line : scrape.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                current = comment.group(2);
                families.merge(
                        current,
                        comment.group(1).equals("TYPE")
                                ? new MetricFamily(current, comment.group(3), "", new TreeSet<>())
                                : new MetricFamily(current, "", comment.group(3).strip(), new TreeSet<>()),
                        MetricFamily::merged);
            } else {
                Optional.ofNullable(families.get(current)).ifPresent(family -> family.addLabels(line));
            }
        }
        return families.values().stream()
                .sorted(Comparator.comparing(MetricFamily::name))
                .toList();
    }

    private void addLabels(String series) {
        LABEL.matcher(series)
                .results()
                .map(label -> label.group(1))
                .filter(label -> !OF_BUCKETS.contains(label))
                .forEach(labels::add);
    }

    private static MetricFamily merged(MetricFamily one, MetricFamily other) {
        return new MetricFamily(one.name, one.type + other.type, one.help + other.help, one.labels);
    }
}
