package dev.waitingroom.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.e2e.Kubectl.Outcome;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How the API server validates the two kinds. One folder has YAML that it accepts, one YAML that it refuses, and one changes that it refuses.
 * The first line of a file is the expected message.
 */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrdsIT {
    private static final String ACCEPTED = "# accepted";

    private final Kubectl kubectl;
    private final TestNamespace namespace;

    CrdsIT(Cluster cluster) {
        kubectl = cluster.kubectl();
        namespace = cluster.namespace("crds");
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    Stream<Path> valid() {
        return files("valid");
    }

    Stream<Path> refused() {
        return files("refused");
    }

    Stream<Path> changes() {
        return files("changes");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void acceptsValidObjects(Path file) {
        Outcome outcome = create(read(file));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.succeeded()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesInvalidObjects(Path file) {
        String yaml = read(file);

        Outcome outcome = create(yaml);

        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.err()).contains(expectation(yaml).substring(2));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void refusesForbiddenChanges(Path file) {
        String[] documents = read(file).split("\n---\n", 2);
        try {
            namespace.apply(documents[0]);

            Outcome outcome = kubectl.attempt(documents[1], "apply", "-n", namespace.name(), "-f", "-");

            String expected = expectation(documents[0]);
            if (expected.equals(ACCEPTED)) {
                assertThat(outcome.err()).isEmpty();
                assertThat(outcome.succeeded()).isTrue();
            } else {
                assertThat(outcome.succeeded()).isFalse();
                assertThat(outcome.err()).contains(expected.substring(2));
            }
        } finally {
            kubectl.run("delete", "wr", "changed", "-n", namespace.name(), "--timeout=120s");
        }
    }

    @Test
    void fillsInTheDefaultsOfARoom() {
        assertDefaults("room");
    }

    @Test
    void fillsInTheDefaultsOfAGateway() {
        assertDefaults("gateway");
    }

    @Test
    void showsTheColumns() {
        namespace.apply(read(resource("valid/room-at-its-limits.yaml")));
        namespace.apply(read(resource("valid/gateway-small.yaml")));

        assertThat(header("wr")).isEqualTo("NAME PHASE RATE BURST WAITING ADMITTED/S WAIT(S) AGE");
        assertThat(header("wrg")).isEqualTo("NAME ROOMS READY STATUS REQUESTS/S AGE");
    }

    @Test
    void explainsEveryFieldWithAnExample() {
        String room = kubectl.run("explain", "waitingroom.spec", "--recursive=false");
        String gateway = kubectl.run("explain", "wrg.spec.replicas");

        assertThat(room).contains("eventId", "mode", "admission", "waiting", "reservation", "gatewayRef", "Example:");
        assertThat(gateway).contains("kubectl scale sets it");
    }

    private void assertDefaults(String kind) {
        Outcome created = kubectl.attempt(
                read(resource("defaults/" + kind + "-in.yaml")), "create", "--dry-run=server", "-o", "json", "-f", "-");
        JsonNode expected = Serialization.unmarshal(read(resource("defaults/" + kind + "-out.yaml")), JsonNode.class);

        assertThat(created.err()).isEmpty();
        assertThat(Serialization.unmarshal(created.out(), JsonNode.class).get("spec"))
                .isEqualTo(expected);
    }

    private String header(String kind) {
        String first = expectation(kubectl.run("get", kind, "-n", namespace.name()));
        return String.join(" ", first.strip().split(" +", -1));
    }

    private Outcome create(String yaml) {
        return kubectl.attempt(yaml, "create", "--dry-run=server", "-f", "-");
    }

    private static String expectation(String yaml) {
        return yaml.lines().findFirst().orElseThrow();
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> files = Files.list(resource(folder))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resource(String name) {
        return Path.of(URI.create(Objects.requireNonNull(CrdsIT.class.getResource("/crds/" + name))
                .toString()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
