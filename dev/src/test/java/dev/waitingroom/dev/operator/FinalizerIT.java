package dev.waitingroom.dev.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.dev.cluster.LocalCluster;
import dev.waitingroom.operator.deletion.Finalizer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinalizerIT {
    private static final String OURS = "waitingroom.dev/test";
    private static final String THEIRS = "example.com/theirs";

    private final LocalCluster cluster = LocalCluster.inMemory();
    private final KubernetesClient client = cluster.client();
    private final Finalizer finalizer = new Finalizer(client, OURS);

    @AfterEach
    void remove() {
        if (there().isPresent()) {
            finalizers(List.of());
            var _ = client.configMaps().inNamespace("shop").withName("object").delete();
        }
    }

    @AfterAll
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void theObjectGoes() {
        ConfigMap object = deleted(OURS);

        assertThat(finalizer.isReleased(object)).isFalse();
        assertThat(finalizer.release(object).isRemoveFinalizer()).isFalse();

        assertThat(there()).isEmpty();
        assertThat(finalizer.isReleased(object)).isTrue();
    }

    @Test
    void finalizersOfOthersStay() {
        ConfigMap object = deleted(OURS);
        finalizers(List.of(THEIRS, OURS)); // after it was read

        finalizer.release(object);

        assertThat(there().orElseThrow().getFinalizers()).containsExactly(THEIRS);
    }

    @Test
    void whatIsGoneIsReleased() {
        ConfigMap object = deleted(OURS);
        finalizers(List.of());

        finalizer.release(object);

        assertThat(finalizer.isReleased(object)).isTrue();
    }

    @Test
    void anotherOfTheSameNameIsLeftAlone() {
        ConfigMap object = deleted(OURS);
        finalizers(List.of());
        ConfigMap other = make(OURS);

        finalizer.release(object);

        assertThat(there().orElseThrow().getFinalizers()).containsExactly(OURS);
        assertThat(finalizer.isReleased(other)).isFalse();
    }

    private ConfigMap make(String... with) {
        return client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("object")
                        .withFinalizers(with)
                        .endMetadata()
                        .build())
                .create();
    }

    private ConfigMap deleted(String... with) {
        ConfigMap object = make(with);
        var _ = client.resource(object).delete();
        return object;
    }

    private void finalizers(List<String> now) {
        var _ = client.configMaps().inNamespace("shop").withName("object").edit(object -> {
            object.getMetadata().setFinalizers(now);
            return object;
        });
    }

    private Optional<ConfigMap> there() {
        return Optional.ofNullable(
                client.configMaps().inNamespace("shop").withName("object").get());
    }
}
