package dev.waitingroom.gateway.http;

/** The log keys of HTTP. The same name for the same thing everywhere, as in the queue's list. */
public final class HttpLogKeys {
    public static final String TRACE_ID = "trace_id";

    /** How many lines like this one were held back. */
    public static final String SUPPRESSED = "suppressed";

    static final String METHOD = "method";
    static final String ROUTE = "route";
    static final String STATUS = "status";
    static final String DURATION_MICROS = "duration_us";
    static final String CLIENT_ADDRESS = "client_address";

    private HttpLogKeys() {}
}
