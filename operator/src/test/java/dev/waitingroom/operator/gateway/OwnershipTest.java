package dev.waitingroom.operator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    @Test
    void anObjectWithoutLabelsAndOwnerIsSomebodyElses() {
        assertThat(Ownership.isOurs(object(Map.of(), List.of()), "api")).isFalse();
    }

    @Test
    void anObjectOfThisGatewayIsOurs() {
        assertThat(Ownership.isOurs(object(Map.of(), List.of(owner("waitingroom.dev/v1alpha1", "api"))), "api"))
                .isTrue();
    }

    @Test
    void anObjectOfAnotherGatewayIsNotOurs() {
        assertThat(Ownership.isOurs(
                        object(GatewayNames.labels("api"), List.of(owner("waitingroom.dev/v1alpha1", "a"))), "api"))
                .isFalse();
        assertThat(Ownership.isOurs(object(GatewayNames.labels("a"), List.of()), "api"))
                .isFalse();
    }

    @Test
    void anObjectOfAnotherControllerIsNotOursWhateverItsLabels() {
        assertThat(Ownership.isOurs(object(GatewayNames.labels("api"), List.of(owner("example.com/v1", "api"))), "api"))
                .isFalse();
    }

    @Test
    void keysAreOursByTheLabelsOfThisAndOfEarlierVersions() {
        assertThat(Ownership.isOurs(object(GatewayNames.keyLabels("api"), List.of()), "api"))
                .isTrue();
        assertThat(Ownership.isOurs(object(GatewayNames.labels("api"), List.of()), "api"))
                .isTrue();
    }

    @Test
    void keysHaveNoLabelByWhichAGitOpsToolWouldPruneThem() {
        assertThat(GatewayNames.keyLabels("api"))
                .doesNotContainKey("app.kubernetes.io/instance")
                .containsEntry("app.kubernetes.io/managed-by", "waitingroom-operator")
                .containsEntry("waitingroom.dev/gateway", "api");
    }

    private static Secret object(Map<String, String> labels, List<OwnerReference> owners) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("api-keys")
                .withLabels(labels)
                .withOwnerReferences(owners)
                .endMetadata()
                .build();
    }

    private static OwnerReference owner(String apiVersion, String name) {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind("WaitingRoomGateway")
                .withName(name)
                .withUid("u")
                .withController(true)
                .build();
    }
}
