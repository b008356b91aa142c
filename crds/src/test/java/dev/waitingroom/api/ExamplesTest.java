package dev.waitingroom.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void saysNothingThatTheKindsDoNotKnow(Path file) throws IOException {
        for (String document : documents(file)) {
            HasMetadata object = Serialization.unmarshal(document, HasMetadata.class);
            JsonNode written = Serialization.unmarshal(document, JsonNode.class).get("spec");
            JsonNode read = Serialization.unmarshal(Serialization.asJson(object), JsonNode.class)
                    .get("spec");

            assertThat(object).isInstanceOfAny(WaitingRoom.class, WaitingRoomGateway.class);
            assertContains(read, written, file + " " + object.getMetadata().getName());
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void bringsTheGatewaysThatItsRoomsName(Path file) throws IOException {
        List<HasMetadata> objects = documents(file).stream()
                .<HasMetadata>map(document -> Serialization.unmarshal(document, HasMetadata.class))
                .toList();
        Set<String> gateways = objects.stream()
                .filter(WaitingRoomGateway.class::isInstance)
                .map(gateway -> gateway.getMetadata().getName())
                .collect(Collectors.toSet());
        gateways.add("default");

        assertThat(objects.stream()
                        .filter(WaitingRoom.class::isInstance)
                        .map(room -> ((WaitingRoom) room).getSpec().gatewayRef().name()))
                .isNotEmpty()
                .allMatch(gateways::contains);
    }

    @Test
    void opensWithTheConcertOfTheReport() throws IOException {
        var concert = Serialization.unmarshal(Files.readString(EXAMPLES.resolve("concert.yaml")), WaitingRoom.class);

        assertThat(concert.eventId()).isEqualTo("evt_2025_1001");
        assertThat(concert.getSpec().admission().rate()).isEqualTo(10);
        assertThat(concert.getSpec().admission().burst()).isEqualTo(100);
    }

    private static List<String> documents(Path file) throws IOException {
        return Stream.of(Files.readString(file).split("(?m)^---$", -1)).toList();
    }

    private static void assertContains(JsonNode read, JsonNode written, String where) {
        written.properties().forEach(field -> {
            JsonNode value = read.get(field.getKey());
            assertThat(value).as(where + "." + field.getKey()).isNotNull();
            if (field.getValue().isObject()) {
                assertContains(value, field.getValue(), where + "." + field.getKey());
            } else {
                assertThat(value).as(where + "." + field.getKey()).isEqualTo(field.getValue());
            }
        });
    }
}
