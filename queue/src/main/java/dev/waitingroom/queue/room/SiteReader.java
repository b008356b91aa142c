package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.site.SiteCodec;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room's site settings as Redis last told them. Reads them when the policy names another version. Keeps the last valid ones. Use it on the
 * room's thread only, except for {@link #current} and {@link #loaded}.
 */
final class SiteReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(SiteReader.class);
    private static final String NONE = "";

    private final RoomContext context;
    private String version = NONE;
    private boolean reading;
    private volatile SiteSettings current = SiteSettings.DEFAULT;
    private volatile boolean loaded;

    SiteReader(RoomContext context) {
        this.context = context;
    }

    /** The defaults until Redis told others. */
    SiteSettings current() {
        return current;
    }

    /** Whether the settings that the policy names have been read. A service must not be served unprotected until then. */
    boolean loaded() {
        return loaded;
    }

    /** The policy in Redis names this version; empty if it names none. */
    void follow(String named) {
        if (named.equals(version)) {
            loaded = true;
        } else if (!reading) {
            reading = true;
            context.follow(context.scripts().site(), ended -> {
                reading = false;
                if (ended instanceof RoomContext.Ended.Answered(Reply.Done(long now, SiteText text))) {
                    read(text);
                } // else the next refresh asks again
            });
        }
    }

    private void read(SiteText text) {
        if (text.json().isEmpty()) {
            if (text.version().isEmpty()) {
                version = NONE; // an operator of an earlier release took over
                current = SiteSettings.DEFAULT;
            } // else Redis lost the text, and the operator puts it back
            return;
        }
        version = text.version();
        loaded = true;
        try {
            current = SiteCodec.decode(text.json());
        } catch (IllegalArgumentException e) {
            LOGGER.atError()
                    .addKeyValue(LogKeys.EVENT_ID, context.eventId())
                    .addKeyValue(LogKeys.ROOM, context.id())
                    .addKeyValue(LogKeys.DETAIL, e.getMessage())
                    .log("the site settings in Redis are invalid; keeping the last valid ones");
        }
    }
}
