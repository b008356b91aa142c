package dev.waitingroom.dev;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import java.net.URI;

/** The local URL for visitors of a room. */
@FunctionalInterface
interface Entrance {
    /** @param room a ready room */
    URI of(WaitingRoom room);
}
