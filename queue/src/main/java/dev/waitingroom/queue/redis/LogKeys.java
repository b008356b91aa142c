package dev.waitingroom.queue.redis;

/** The keys of this module's log lines. */
public final class LogKeys {
    public static final String REDIS = "redis";
    public static final String REDIS_KEY = "redis_key";
    public static final String REASON = "reason";
    public static final String EVENT_ID = "event_id";
    public static final String EPOCH = "epoch";
    public static final String GATEWAY = "gateway";

    private LogKeys() {}
}
