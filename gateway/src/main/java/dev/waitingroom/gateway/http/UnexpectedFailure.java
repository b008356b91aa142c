package dev.waitingroom.gateway.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exception that no code foresaw: logged with its cause, and answered without it. */
public final class UnexpectedFailure {
    public static final Problem PROBLEM =
            Problem.of(HttpProblem.INTERNAL, "the gateway's log has the failure under this trace_id");

    private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedFailure.class);

    private UnexpectedFailure() {}

    public static void log(String method, String route, String traceId, Throwable failure) {
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue(HttpLogKeys.METHOD, method)
                .addKeyValue(HttpLogKeys.ROUTE, route)
                .addKeyValue(HttpLogKeys.TRACE_ID, traceId)
                .log("request failed unexpectedly");
    }
}
