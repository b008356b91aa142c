package dev.waitingroom.gateway.protect;

import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.Match;
import dev.waitingroom.queue.site.SiteSettings;
import java.util.Collection;
import java.util.Optional;

/**
 * A room that protects a service.
 *
 * @param site its settings, as of one moment
 * @param protection of those settings
 */
public record ProtectedRoom(Room room, SiteSettings site, Protection protection) {
    /**
     * The room that protects a host: the one that names it, else one with a wildcard, else one for all hosts.
     *
     * @param host as in the request
     */
    public static Optional<ProtectedRoom> of(Collection<Room> rooms, String host) {
        Match best = Match.NONE;
        Optional<ProtectedRoom> found = Optional.empty();
        for (Room room : rooms) {
            SiteSettings site = room.site();
            if (site.protection().isPresent()) {
                Match match = site.protection().get().matches(host);
                if (match.compareTo(best) > 0) {
                    best = match;
                    found = Optional.of(
                            new ProtectedRoom(room, site, site.protection().get()));
                }
            }
        }
        return found;
    }
}
