package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.RedisFault;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Interprets error replies by the texts of Redis 6.2 to 8, Valkey and compatible services. */
final class ErrorReplies {
    private ErrorReplies() {}

    private enum Text {
        COMMAND(
                RedisFault.COMMAND_REFUSED,
                "unknown (redis )?command|can't run this command|permissions to run the|not allowed from script"
                        + "|command \\S+ (is )?not support"),
        KEY(RedisFault.KEYS_FORBIDDEN, "can't access at least one of the keys|no permissions to access"),
        UNDECLARED(RedisFault.UNDECLARED_KEYS_REFUSED, "undeclared key|should be passed using the KEYS array"),
        HISTORY(RedisFault.HISTORY_UNKNOWN, "tells no master_replid");

        private final RedisFault fault;
        private final Pattern pattern;

        Text(RedisFault fault, String pattern) {
            this.fault = fault;
            this.pattern = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
        }
    }

    /** The fault; {@link RedisFault#REFUSED} if the text is none of these. */
    static RedisFault fault(String error) {
        return Arrays.stream(Text.values())
                .filter(text -> text.pattern.matcher(error).find())
                .findFirst()
                .map(text -> text.fault)
                .orElse(RedisFault.REFUSED);
    }

    /** The same for a failure to open a connection. */
    static RedisFault whileConnecting(String error) {
        RedisFault fault = fault(error);
        return fault == RedisFault.REFUSED ? RedisFault.UNREACHABLE : fault;
    }
}
