package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InFlightLimiterTest {
    private final InFlightLimiter calls = new InFlightLimiter(2);

    @Test
    void callAboveTheLimitIsNotMade() {
        List<CompletableFuture<String>> made = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            var _ = calls.begin(() -> {
                made.add(new CompletableFuture<>());
                return made.getLast();
            });
        }

        assertThat(made).hasSize(2);
    }

    @Test
    void completedCallMakesRoomForAnother() {
        CompletableFuture<String> well = new CompletableFuture<>();
        CompletableFuture<String> badly = new CompletableFuture<>();
        var _ = calls.begin(() -> well);
        var _ = calls.begin(() -> badly);
        assertThat(calls.begin(CompletableFuture::new)).isEmpty();

        well.complete("done");
        badly.completeExceptionally(new IllegalStateException());

        assertThat(calls.begin(CompletableFuture::new)).isPresent();
        assertThat(calls.begin(CompletableFuture::new)).isPresent();
        assertThat(calls.begin(CompletableFuture::new)).isEmpty();
    }

    @Test
    void callThatFailsToStartTakesNoRoom() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> calls.begin(() -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
        }

        assertThat(calls.begin(CompletableFuture::new)).isPresent();
    }
}
