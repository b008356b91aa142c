package dev.waitingroom.gateway.protect;

import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.SiteSettings;

/**
 * A room, and what it protects.
 *
 * @param site its settings, as of one moment
 * @param protection of those settings
 */
public record ProtectedRoom(Room room, SiteSettings site, Protection protection) {
    /** A room that says nothing protects everything. */
    public static ProtectedRoom of(Room room) {
        SiteSettings site = room.site();
        return new ProtectedRoom(room, site, site.protection().orElse(Protection.DEFAULT));
    }
}
