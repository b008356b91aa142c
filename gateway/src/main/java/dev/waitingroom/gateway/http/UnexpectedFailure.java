package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exception that no code foresaw: logged with its cause, and answered without it. */
final class UnexpectedFailure {
    static final Problem PROBLEM =
            Problem.of(HttpProblem.INTERNAL, "the gateway's log has the failure under this trace_id");

    private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedFailure.class);

    private UnexpectedFailure() {}

    static void log(HttpServerRequest request, String traceId, Throwable failure) {
        LOGGER.atError()
                .setCause(failure)
                .addKeyValue(HttpLogKeys.METHOD, request.method())
                .addKeyValue(HttpLogKeys.ROUTE, request.path())
                .addKeyValue(HttpLogKeys.TRACE_ID, traceId)
                .log("request failed unexpectedly");
    }
}
