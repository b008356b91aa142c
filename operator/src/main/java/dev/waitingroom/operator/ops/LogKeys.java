package dev.waitingroom.operator.ops;

/** Keys of the key-values in log lines. */
public final class LogKeys {
    public static final String ROOM = "room";
    public static final String GATEWAY = "gateway";
    public static final String EVENT_ID = "event_id";
    public static final String SCOPE = "scope";
    public static final String NAMESPACE = "namespace";
    public static final String OBJECT = "object";
    public static final String REASON = "reason";
    public static final String DETAIL = "detail";
    public static final String REPLICAS = "replicas";
    public static final String KEY_FILE = "key_file";
    public static final String LEADER = "leader";
    public static final String PORT = "port";
    public static final String ERROR = "error";

    private LogKeys() {}
}
