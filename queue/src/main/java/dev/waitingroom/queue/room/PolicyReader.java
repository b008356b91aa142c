package dev.waitingroom.queue.room;

import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.policy.PolicyCodec;
import dev.waitingroom.queue.site.SiteText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's policy as Redis last told it. Keeps the last valid one. Use it on the room's thread only. */
final class PolicyReader {
    static final Unavailability NO_POLICY = new Unavailability(
            Unavailability.Cause.NO_POLICY, "Redis holds no policy for the room", Duration.ofSeconds(2));

    private static final Logger LOGGER = LoggerFactory.getLogger(PolicyReader.class);

    private final RoomContext context;
    private final SiteReader site;
    private Map<String, String> fields = Map.of();
    private Optional<Policy> policy = Optional.empty();

    PolicyReader(RoomContext context) {
        this.context = context;
        this.site = new SiteReader(context);
    }

    /** The site settings that come with the policy. Any thread. */
    SiteReader site() {
        return site;
    }

    /** Empty until Redis told a valid one. */
    Optional<Policy> policy() {
        return policy;
    }

    /** Reads the policy's fields as a snapshot tells them; none where Redis lost the policy. */
    void read(Map<String, String> told) {
        if (told.isEmpty()) {
            return;
        }
        site.follow(told.getOrDefault(SiteText.FIELD, ""));
        if (told.equals(fields)) {
            return;
        }
        fields = told;
        try {
            policy = Optional.of(PolicyCodec.decode(told));
        } catch (IllegalArgumentException e) {
            LOGGER.atError()
                    .addKeyValue(LogKeys.EVENT_ID, context.eventId())
                    .addKeyValue(LogKeys.ROOM, context.id())
                    .addKeyValue(LogKeys.DETAIL, e.getMessage())
                    .log("the policy in Redis is invalid; keeping the last valid one");
        }
    }
}
