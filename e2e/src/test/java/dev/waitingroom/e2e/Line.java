package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Those who wait in a room.
 *
 * @param tokens in the order in which they joined
 */
record Line(GatewayApi api, List<String> tokens) {
    Line {
        tokens = List.copyOf(tokens);
    }

    /** Lets so many join, one after the other. */
    static Line join(GatewayApi api, String event, int visitors) {
        var tokens = new ArrayList<String>();
        for (int i = 0; i < visitors; i++) {
            String user = "visitor-" + i;
            tokens.add(await().atMost(SOON)
                    .until(() -> api.join(event, user), joined -> joined.status() == 202)
                    .text("waiting_token"));
        }
        return new Line(api, tokens);
    }

    /** Asks for all of them, now: each has the place that they joined at, in a room where nobody is admitted. */
    void assertNobodyMoved() {
        assertThat(tokens.stream().map(token -> api.status(token).number("position")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, tokens.size()).boxed().toList());
    }
}
