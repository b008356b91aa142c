package dev.waitingroom.dev;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import java.net.URI;

/** Where visitors of a room go, on this machine. */
@FunctionalInterface
interface Entrance {
    /** @param room is ready */
    URI of(WaitingRoom room);
}
