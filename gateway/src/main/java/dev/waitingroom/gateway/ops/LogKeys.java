package dev.waitingroom.gateway.ops;

/** The names of what log lines carry: the same name for the same thing everywhere. */
public final class LogKeys {
    public static final String EVENT_ID = "event_id";

    /** The end of a visitor's token, see {@link #shortened}. */
    public static final String WAITING_TOKEN = "waiting_token";

    public static final String TICKET = "ticket";
    public static final String TRACE_ID = "trace_id";
    public static final String REDIS_KEY = "redis_key";
    public static final String CALL = "call";
    public static final String CAUSE = "cause";
    public static final String DETAIL = "detail";
    public static final String SUPPRESSED = "suppressed";
    public static final String ROUTE = "route";
    public static final String METHOD = "method";
    public static final String STATUS = "status";
    public static final String DURATION_MICROS = "duration_us";
    public static final String FILE = "file";
    public static final String FLEET = "fleet";
    public static final String POD = "pod";
    public static final String VERSION = "version";
    public static final String HTTP_PORT = "http_port";
    public static final String ADMIN_PORT = "admin_port";
    public static final String TRANSPORT = "transport";
    public static final String CRYPTO = "crypto";
    public static final String SECONDS = "seconds";

    private LogKeys() {}

    /** The last eight characters: enough to find a visitor, too few to be the visitor. */
    public static String shortened(String token) {
        return token.length() <= 8 ? "…" : "…" + token.substring(token.length() - 8);
    }
}
