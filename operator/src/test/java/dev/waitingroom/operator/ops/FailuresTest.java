package dev.waitingroom.operator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void areSaidOnceTheyLast() {
        assertThat(Failures.lasts(Optional.empty())).isFalse();
        assertThat(Failures.lasts(Optional.of(attempt(1)))).isFalse();
        assertThat(Failures.lasts(Optional.of(attempt(3)))).isTrue();
    }

    @Test
    void areSaidInTheWordsOfTheApi() {
        var refusal = new KubernetesClientException(
                "long",
                500,
                new StatusBuilder().withMessage("admission webhook denied it.").build());

        assertThat(Failures.finding(refusal).reason()).isEqualTo("ReconcileFailed");
        assertThat(Failures.finding(refusal).message()).contains("tries again: admission webhook denied it. Correct");
    }

    private static RetryInfo attempt(int count) {
        return new RetryInfo() {
            @Override
            public int getAttemptCount() {
                return count;
            }

            @Override
            public boolean isLastAttempt() {
                return false;
            }
        };
    }
}
