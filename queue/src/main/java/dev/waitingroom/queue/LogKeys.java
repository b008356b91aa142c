package dev.waitingroom.queue;

/** The keys of log lines, the gateway's too. The same thing has the same key everywhere. */
public final class LogKeys {
    // The line, and the place in it
    public static final String EVENT_ID = "event_id";
    public static final String ROOM = "room";
    public static final String GATEWAY = "gateway";
    public static final String POD = "pod";
    public static final String TICKET = "ticket";

    /** Only the end of a visitor's token. */
    public static final String WAITING_TOKEN = "waiting_token";

    // Redis
    public static final String REDIS = "redis";
    public static final String REDIS_KEY = "redis_key";
    public static final String EPOCH = "epoch";
    public static final String SLICES = "slices";
    public static final String WAITING = "waiting";
    public static final String OUTAGE_MILLIS = "outage_ms";

    // What went wrong
    public static final String CALL = "call";
    public static final String CAUSE = "cause";
    public static final String DETAIL = "detail";

    // The process
    public static final String VERSION = "version";
    public static final String HTTP_PORT = "http_port";
    public static final String ADMIN_PORT = "admin_port";
    public static final String GRPC_PORT = "grpc_port";
    public static final String TRANSPORT = "transport";
    public static final String CRYPTO = "crypto";
    public static final String FILE = "file";
    public static final String SECONDS = "seconds";

    private LogKeys() {}
}
