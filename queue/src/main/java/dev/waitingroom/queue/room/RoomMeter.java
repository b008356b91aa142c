package dev.waitingroom.queue.room;

import dev.waitingroom.queue.eta.Eta;
import java.time.Duration;

/** A room's figures, and the rate of its admissions. For any thread. */
final class RoomMeter {
    private static final long GRANT_RATE_WINDOW_MICROS = 10_000_000;

    private final RoomContext context;
    private final LineReplica line;
    private final GrantRate grantRate = new GrantRate(GRANT_RATE_WINDOW_MICROS);

    RoomMeter(RoomContext context, LineReplica line) {
        this.context = context;
        this.line = line;
    }

    /** A snapshot was read. On the room's thread only. */
    void observe(RoomSnapshot view) {
        grantRate.observe(view.asOfMicros(), view.header().granted());
    }

    /** @param held how many admits are held for a token */
    RoomFigures figures(int held) {
        Duration age = Duration.ofNanos(context.nanoTime() - context.answeredNanos());
        return line.published()
                .map(view -> new RoomFigures(
                        view.policy().generation(),
                        view.line().epoch(),
                        view.header().waiting(),
                        view.header().joined(),
                        view.header().granted(),
                        view.header().left(),
                        view.header().expired(),
                        view.header().missed(),
                        view.active(),
                        line.losses(),
                        held,
                        grantRate.perSecond(),
                        TicketStatusCalculator.waitOfNext(view, context.clock().micros())
                                .map(Eta::expected)
                                .orElse(Duration.ZERO),
                        age))
                .orElse(new RoomFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, line.losses(), 0, 0, Duration.ZERO, age));
    }
}
