package dev.waitingroom.gateway.http;

import java.util.Optional;

/** The source of one stream's events. Confined to the stream's event loop; must not block. */
@FunctionalInterface
public interface EventFeed {
    /**
     * What the stream does next. Called once a second while the client reads what is sent. A slow client misses events, and gets the newest
     * one when it has caught up.
     *
     * @param nowNanos of a clock that never goes back
     */
    Step next(long nowNanos);

    /** What a stream does next. */
    sealed interface Step {
        record Send(ServerSentEvent event) implements Step {}

        /** There is nothing new. */
        record Pause() implements Step {}

        /** Ends the stream. The client may connect again. */
        record End(Optional<ServerSentEvent> last) implements Step {}
    }
}
