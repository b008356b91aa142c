package dev.waitingroom.operator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class ApiErrorsTest {
    @Test
    void tellsANamespaceThatEndsFromARightThatLacks() {
        var ends = new KubernetesClientException(new StatusBuilder()
                .withCode(403)
                .withMessage("unable to create new content in namespace x because it is being terminated")
                .withNewDetails()
                .addNewCause("metadata.namespace", "namespace x is being terminated", "NamespaceTerminating")
                .endDetails()
                .build());
        var lacks = new KubernetesClientException(
                new StatusBuilder().withCode(403).withMessage("forbidden").build());

        assertThat(ApiErrors.forGood(ends)).isFalse();
        assertThat(ApiErrors.forGood(lacks)).isTrue();
        assertThat(ApiErrors.namespaceEnds(ends)).isTrue();
        assertThat(ApiErrors.namespaceEnds(lacks)).isFalse();
        assertThat(ApiErrors.namespaceEnds(new KubernetesClientException("no connection")))
                .isFalse();
    }
}
