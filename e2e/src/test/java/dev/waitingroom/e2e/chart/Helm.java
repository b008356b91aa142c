package dev.waitingroom.e2e.chart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs helm: the file that HELM names, the one on the PATH, or the one that e2e/cluster/build keeps. */
public record Helm(Path command) {
    static final Path CHART = Path.of("../charts/waitingroom-operator");
    private static final Pattern DOCUMENTS = Pattern.compile("^---$", Pattern.MULTILINE);

    /** Its standard output and error output. */
    record Outcome(int exitCode, String text) {}

    /** Empty if there is none. */
    public static Optional<Helm> find() {
        Map<String, String> env = System.getenv();
        Stream<Path> named = Stream.ofNullable(env.get("HELM")).map(Path::of);
        Stream<Path> onPath = Pattern.compile(":")
                .splitAsStream(env.getOrDefault("PATH", ""))
                .map(directory -> Path.of(directory, "helm"));
        return Stream.of(named, onPath, cached())
                .flatMap(paths -> paths)
                .filter(Files::isExecutable)
                .findFirst()
                .map(Helm::new);
    }

    private static Stream<Path> cached() {
        Path cache = Path.of(
                        System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
                .resolve("waitingroom-e2e");
        if (!Files.isDirectory(cache)) {
            return Stream.of();
        }
        try (var versions = Files.list(cache)) {
            return versions.map(version -> version.resolve("helm")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders the chart as release "test" in namespace "ops". */
    public List<HasMetadata> render(String... values) {
        Outcome outcome = template(values);
        if (outcome.exitCode != 0) {
            throw new AssertionError(outcome.text);
        }
        var serialization = new KubernetesSerialization();
        return DOCUMENTS
                .splitAsStream(outcome.text)
                .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
                .map(document -> (HasMetadata) serialization.unmarshal(document))
                .toList();
    }

    Outcome template(String... values) {
        var words = new ArrayList<>(
                List.of("template", "test", CHART.toString(), "--namespace", "ops", "--kube-version", "1.34.0"));
        for (String value : values) {
            words.add("--set");
            words.add(value);
        }
        return run(words);
    }

    Outcome run(List<String> arguments) {
        var words = new ArrayList<>(List.of(command.toString()));
        words.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
