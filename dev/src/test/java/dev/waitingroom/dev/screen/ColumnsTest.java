package dev.waitingroom.dev.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    private static final CustomResourceDefinition ROOMS = Serialization.unmarshal(
            ColumnsTest.class.getResourceAsStream("/META-INF/fabric8/waitingrooms.waitingroom.dev-v1.yml"),
            CustomResourceDefinition.class);

    @Test
    void printsTheColumnsOfTheKind() throws JsonProcessingException {
        JsonNode room = new YAMLMapper().readTree("""
                        metadata: {name: concert, creationTimestamp: "2026-11-24T10:00:00Z"}
                        status:
                          phase: OnHold
                          policy: {rate: 10/s, burst: 100}
                          waiting: 481
                          admissionRate: "9.8"
                          conditions: [{type: PolicySynced, status: "False"}, {type: Ready, status: "True"}]
                        """);

        List<String> table = new Columns(ROOMS, true).table(List.of(room), Instant.parse("2026-11-24T10:02:30Z"));

        assertThat(table)
                .containsExactly(
                        "NAME      PHASE    RATE   BURST   WAITING   ADMITTED/S   WAIT(S)   AGE",
                        "concert   OnHold   10/s   100     481       9.8                    2m30s");
    }

    @Test
    void leavesAgesOutWhereTheyWouldMakeEveryPictureAnotherOne() {
        assertThat(new Columns(ROOMS, false).table(List.of(), Instant.EPOCH))
                .containsExactly("NAME   PHASE   RATE   BURST   WAITING   ADMITTED/S   WAIT(S)");
    }
}
