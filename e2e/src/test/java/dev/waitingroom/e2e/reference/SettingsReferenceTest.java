package dev.waitingroom.e2e.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.settings.Variable;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    private static final Path CHART = Path.of("../charts/waitingroom-operator/templates/deployment.yaml");
    private static final Path GOLDEN = Path.of("../operator/src/test/resources");
    private static final Pattern VARIABLE = Pattern.compile("- name: ([A-Z_]+)$", Pattern.MULTILINE);

    @Test
    void namesEveryVariableThatTheChartSets() throws IOException {
        List<String> set = VARIABLE.matcher(Files.readString(CHART))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(set).isNotEmpty();
        assertThat(names(SettingsReference.operator())).containsAll(set);
    }

    @Test
    void namesEveryVariableThatTheOperatorSets() throws IOException {
        List<String> set;
        try (Stream<Path> files = Files.walk(GOLDEN)) {
            set = files.filter(file -> file.endsWith("out-Deployment.yaml"))
                    .flatMap(SettingsReferenceTest::variables)
                    .distinct()
                    .toList();
        }

        assertThat(set).isNotEmpty();
        assertThat(names(SettingsReference.gateway())).containsAll(set);
    }

    private static Stream<String> variables(Path file) {
        try {
            Deployment deployment = Serialization.unmarshal(Files.readString(file), Deployment.class);
            return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                    .flatMap(container -> container.getEnv().stream())
                    .map(EnvVar::getName);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(List<Variable> variables) {
        return variables.stream().map(Variable::name).toList();
    }
}
