package dev.waitingroom.e2e.reference;

import static dev.waitingroom.e2e.reference.Table.code;

import dev.waitingroom.operator.gateway.GatewayReconciler;
import dev.waitingroom.operator.room.RoomReconciler;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that each process serves: read from its own registry, after all has happened that is counted. */
final class MetricsReference {
    private static final Set<String> OF_MICROMETER = Set.of("jvm", "process", "system");

    private MetricsReference() {}

    static String page() {
        List<MetricFamily> gateway = MetricFamily.of(GatewayScrape.text());
        List<MetricFamily> operator = MetricFamily.of(OperatorScrape.text());
        Predicate<MetricFamily> sdk = family -> prefix(family).equals("operator");
        return """
                <!-- Generated from the code by `make docs`. Do not edit. -->

                # Metrics

                Gateway and operator serve metrics at `/metrics` of the admin port, in Prometheus' text format. A counter marked "max over pods"
                belongs to the room: every gateway pod reports the same value, so take the maximum and not the sum.

                ## Gateway

                %s
                ## Operator

                %s
                ### Java Operator SDK

                These count reconciliations. In a name, `CONTROLLER` stands for %s.

                %s
                ## JVM and process

                Micrometer adds metrics of the JVM and the process. The set depends on the garbage collector.

                - Gateway: names begin with %s.
                - Operator: names begin with %s.
                """.formatted(
                        described(ours(gateway)),
                        described(ours(operator).filter(sdk.negate())),
                        Stream.of(RoomReconciler.class, GatewayReconciler.class)
                                .map(type -> type.getAnnotation(ControllerConfiguration.class)
                                        .name())
                                .map(Table::code)
                                .collect(Collectors.joining(" or ")),
                        table(ours(operator).filter(sdk)),
                        prefixes(gateway),
                        prefixes(operator));
    }

    private static Stream<MetricFamily> ours(List<MetricFamily> families) {
        return families.stream().filter(family -> !OF_MICROMETER.contains(prefix(family)));
    }

    private static String prefixes(List<MetricFamily> families) {
        return families.stream()
                .map(MetricsReference::prefix)
                .filter(OF_MICROMETER::contains)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(prefix -> code(prefix + "_"))
                .collect(Collectors.joining(", "));
    }

    private static String prefix(MetricFamily family) {
        return family.name().substring(0, family.name().indexOf('_'));
    }

    private static Table described(Stream<MetricFamily> families) {
        var table = new Table("Metric", "Type", "Labels", "Meaning");
        families.forEach(family -> table.row(code(family.name()), family.type(), labels(family), family.help()));
        return table;
    }

    private static Table table(Stream<MetricFamily> families) {
        var table = new Table("Metric", "Type", "Labels");
        families.forEach(family -> table.row(code(family.name()), family.type(), labels(family)));
        return table;
    }

    private static String labels(MetricFamily family) {
        return family.labels().stream().map(Table::code).collect(Collectors.joining(", "));
    }
}
