package dev.waitingroom.e2e.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** What e2e/cluster/build and e2e/crds/download keep. Where it is missing, the tests are skipped; in CI they fail. */
final class Cache {
    private static final Path ROOT = Path.of(
                    System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
            .resolve("waitingroom-e2e");

    private Cache() {}

    /** A command of Kubernetes, for example kube-apiserver. */
    static Path command(String name) {
        List<Path> found = list(ROOT).stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .toList();
        return required(found, name + ": e2e/cluster/build makes it");
    }

    /** A command of this machine. */
    static Path installed(String name) {
        List<Path> found = Stream.of(System.getenv("PATH").split(":", -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .toList();
        return required(found, name + ": a Debian package");
    }

    /** The CRDs of the versions in e2e/crds/versions. */
    static List<Path> crds() {
        Properties versions = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("crds/versions"))) {
            versions.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = String.join(
                "-",
                "crds",
                versions.getProperty("gateway_api"),
                versions.getProperty("envoy_gateway"),
                versions.getProperty("traefik"),
                versions.getProperty("istio"));
        Path directory = ROOT.resolve(name);
        var _ = required(Files.isDirectory(directory) ? List.of(directory) : List.of(), name + ": e2e/crds/download");
        return list(directory);
    }

    private static Path required(List<Path> found, String what) {
        if (System.getenv("CI") != null) {
            assertThat(found).as("in CI nothing may be missing: " + what).isNotEmpty();
        }
        assumeTrue(!found.isEmpty(), "missing " + what);
        return found.get(0);
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
