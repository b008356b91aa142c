package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The visitors who wait in a room.
 *
 * @param tokens in the order in which they joined
 */
record Line(GatewayApi api, List<String> tokens) {
    Line {
        tokens = List.copyOf(tokens);
    }

    /** Lets this number of visitors join, one after the other. */
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

    /** Polls for every visitor: each has the position of the join. The room admits nobody. */
    void assertNobodyMoved() {
        assertThat(tokens.stream().map(token -> api.status(token).number("position")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, tokens.size()).boxed().toList());
    }
}
