package dev.waitingroom.gateway.http;

import java.util.Locale;

/** The kinds of problem that a caller may meet. Names are part of the contract: they are the {@code code}, and make the {@code type}. */
enum ProblemType {
    BAD_REQUEST(400, "The request cannot be read"),
    MALFORMED_JSON(400, "The body is not a JSON object"),
    MISSING_FIELD(400, "A field is missing"),
    INVALID_FIELD(400, "A field cannot be used"),
    INVALID_TOKEN(401, "The waiting token is not valid"),
    NOT_READY(403, "Your turn has not come"),
    JOINS_CLOSED(403, "Nobody can join now"),
    NOT_FOUND(404, "There is nothing here"),
    UNKNOWN_EVENT(404, "There is no such event"),
    METHOD_NOT_ALLOWED(405, "The method is not supported here"),
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    NO_TOKEN(409, "Admissions are used up for the moment"),
    EXPIRED(410, "The place is gone"),
    LEFT(410, "The place was given up"),
    CLOSED(410, "The waiting room is closed"),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's type is not supported"),
    RATE_LIMITED(429, "Too many requests come from this address"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL(500, "Something went wrong here"),
    QUEUE_FULL(503, "The waiting room is full"),
    UNAVAILABLE(503, "The waiting room cannot do this now"),
    RECOVERING(503, "The waiting room is being put back"),
    OVERLOADED(503, "Too many requests are under way"),
    STARTING(503, "This gateway is starting"),
    DRAINING(503, "This gateway is shutting down");

    private final int status;
    private final String title;
    private final String uri =
            "urn:waitingroom:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String uri() {
        return uri;
    }
}
