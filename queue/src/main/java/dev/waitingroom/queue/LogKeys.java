package dev.waitingroom.queue;

/** The names of what a log line is about: the same name for the same thing everywhere. */
public final class LogKeys {
    public static final String EVENT_ID = "event_id";
    public static final String ROOM = "room";
    public static final String FLEET = "fleet";
    public static final String TICKET = "ticket";
    public static final String REDIS_KEY = "redis_key";
    public static final String EPOCH = "epoch";
    public static final String GENERATION = "generation";
    public static final String CAUSE = "cause";

    private LogKeys() {}
}
