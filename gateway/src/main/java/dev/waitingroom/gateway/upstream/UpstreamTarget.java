package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.protect.ProtectedRoom;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.Match;
import java.util.Collection;
import java.util.Optional;

/** A room, and the service that it stands in front of. */
record UpstreamTarget(ProtectedRoom room, Protection.Service service) {
    /**
     * The room that protects a host: the one that names it, else one with a wildcard, else one for all hosts.
     *
     * @param host as in the request
     */
    static Optional<UpstreamTarget> of(Collection<Room> rooms, String host) {
        Match best = Match.NONE;
        Optional<UpstreamTarget> found = Optional.empty();
        for (Room room : rooms) {
            ProtectedRoom target = ProtectedRoom.of(room);
            Match match = target.protection().matches(host);
            if (target.protection().service().isPresent() && match.compareTo(best) > 0) {
                best = match;
                found = Optional.of(
                        new UpstreamTarget(target, target.protection().service().get()));
            }
        }
        return found;
    }
}
