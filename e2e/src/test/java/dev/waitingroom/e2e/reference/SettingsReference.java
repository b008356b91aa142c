package dev.waitingroom.e2e.reference;

import static dev.waitingroom.e2e.reference.Table.code;

import dev.waitingroom.gateway.config.Logging;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.operator.OperatorSettings;
import dev.waitingroom.queue.settings.Environment;
import dev.waitingroom.queue.settings.Variable;
import java.util.List;
import java.util.Map;

/** The variables that each process asks its environment for: it is run on one that has the required ones, and then asked. */
final class SettingsReference {
    private SettingsReference() {}

    static List<Variable> gateway() {
        var environment = new Environment(Map.of(
                "GATEWAY",
                "namespace/name",
                "POD_NAME",
                "pod",
                "REDIS_URL",
                "redis://host",
                "KEYS_DIR",
                System.getProperty("java.io.tmpdir")));
        Settings.from(environment);
        Logging.level(environment);
        return environment.variables();
    }

    static List<Variable> operator() {
        var environment = new Environment(Map.of(
                "GATEWAY_IMAGE",
                "image",
                "OPERATOR_NAMESPACE",
                "namespace",
                "POD_NAME",
                "pod",
                "REDIS_URL",
                "redis://host"));
        OperatorSettings.from(environment);
        OperatorSettings.logLevel(environment);
        return environment.variables();
    }

    static String page() {
        return """
                <!-- Generated from the code by `make docs`. Do not edit. -->

                # Settings

                Gateway and operator read their settings from environment variables. An empty variable counts as not set. A process that
                cannot use a value ends with exit code 2 and names the variable. On Kubernetes the operator sets the variables of gateway
                pods, and the chart sets those of the operator.

                ## Gateway

                %s
                ## Operator

                %s""".formatted(table(gateway()), table(operator()));
    }

    private static Table table(List<Variable> variables) {
        var table = new Table("Variable", "Default", "Meaning", "Set it to");
        for (Variable variable : variables) {
            table.row(
                    code(variable.name()),
                    variable.required()
                            ? "required"
                            : variable.preset().map(Table::code).orElse(""),
                    variable.description(),
                    variable.expected());
        }
        return table;
    }
}
