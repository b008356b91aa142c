package dev.waitingroom.dev;

import dev.waitingroom.testkit.visitors.Answer;
import dev.waitingroom.testkit.visitors.Call;
import dev.waitingroom.testkit.visitors.CallObserver;
import java.util.Optional;

/** Follows the visitor of a crowd who joined last, until that visitor is admitted. Thread-safe. */
final class Follower implements CallObserver {
    private int visitor = -1;
    private String seen = "";

    @Override
    public synchronized void completed(Call call) {
        switch (call.answer()) {
            case Answer.Joined joined
            when call.visitor() >= visitor -> {
                visitor = call.visitor();
                seen = "position " + joined.position() + ", about "
                        + joined.eta().toSeconds() + " s";
            }
            case Answer.Standing standing
            when call.visitor() == visitor && standing.waiting() ->
                seen = standing.ready()
                        ? "it is their turn"
                        : "position " + standing.position() + ", "
                                + standing.eta()
                                        .map(eta -> "about " + eta.toSeconds() + " s")
                                        .orElse("nobody is admitted now")
                                + ", waits for " + standing.waited().toSeconds() + " s";
            case Answer.Entered _
            when call.visitor() >= visitor -> {
                visitor = call.visitor();
                seen = "admitted at once";
            }
            case Answer.Admitted _ when call.visitor() == visitor -> seen = "admitted";
            default -> {}
        }
    }

    synchronized Optional<String> seen() {
        return visitor < 0 ? Optional.empty() : Optional.of("the last of them, visitor " + (visitor + 1) + ": " + seen);
    }
}
