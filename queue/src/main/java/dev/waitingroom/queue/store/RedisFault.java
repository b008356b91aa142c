package dev.waitingroom.queue.store;

/** Why Redis cannot be used: its name in conditions and logs, and what to do. */
public enum RedisFault {
    /** There is no connection, or no answer in time. */
    UNREACHABLE(
            "RedisUnreachable",
            "see that this Redis runs, can be reached from the operator's pod, and takes its user and password"),

    /** Redis answers with an error that says for itself what is wrong, such as OOM. */
    REFUSED("RedisRefused", "this is the answer of Redis: correct what it names"),

    /** It does not know a command, or its user may not run it. */
    COMMAND_REFUSED(
            "CommandRefused",
            "allow the command to Redis' user (ACL), and take it out of rename-command;"
                    + " examples/redis-users.conf names all that are needed"),

    /** Its user may not touch our keys. */
    KEYS_FORBIDDEN(
            "KeysForbidden", "allow the keys to Redis' user (ACL): ~wr:{*}:*, as examples/redis-users.conf does"),

    /** It runs only scripts that name each key before. */
    UNDECLARED_KEYS_REFUSED(
            "UndeclaredKeysRefused",
            "this service takes only scripts that declare each key in KEYS, and the line computes the names of its keys:"
                    + " set the service to allow that, or use Redis or Valkey; the chart's README names such services"),

    /** It does not tell its replication id, so a failover that lost places would go unnoticed. */
    HISTORY_UNKNOWN(
            "HistoryUnknown",
            "INFO replication must tell master_replid, since a loss of data is known by it: use Redis or Valkey");

    private final String reason;
    private final String fix;

    RedisFault(String reason, String fix) {
        this.reason = reason;
        this.fix = fix;
    }

    /** One word in CamelCase, for a condition or a log. */
    public String reason() {
        return reason;
    }

    /** What to do; continues a sentence. */
    public String fix() {
        return fix;
    }
}
