package dev.waitingroom.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CrdFolderTest {
    private static final Path FOLDER = Helm.CHART.resolve("crds");

    @Test
    void containsTheGeneratedCrdsAndNothingElse() throws IOException {
        var expected = new TreeMap<String, String>();
        for (var kind : Stream.of(new WaitingRoom(), new WaitingRoomGateway()).toList()) {
            String file = kind.getCRDName() + "-v1.yml";
            expected.put(file, generated(file));
        }

        assertThat(files())
                .as("make crds puts the generated ones into %s", FOLDER)
                .isEqualTo(expected);
    }

    private static Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (var paths = Files.list(FOLDER)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return files;
    }

    private static String generated(String file) throws IOException {
        try (var stream = WaitingRoom.class.getResourceAsStream("/META-INF/fabric8/" + file)) {
            return new String(Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
