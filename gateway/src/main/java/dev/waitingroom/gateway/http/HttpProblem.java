package dev.waitingroom.gateway.http;

/** Problems of any HTTP server. */
public enum HttpProblem implements ProblemType {
    BAD_REQUEST(400, "The request cannot be read"),
    MALFORMED_JSON(400, "The body is not a JSON object"),
    MISSING_FIELD(400, "A field is missing"),
    INVALID_FIELD(400, "A field cannot be used"),
    CROSS_SITE(403, "The request comes from another site"),
    NOT_FOUND(404, "There is nothing here"),
    METHOD_NOT_ALLOWED(405, "The method is not supported here"),
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    PRECONDITION_FAILED(412, "The precondition is false"),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The address is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's type is not supported"),
    RATE_LIMITED(429, "Too many requests come from this address"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL(500, "Something went wrong here"),
    TOO_MANY_STREAMS(503, "Too many streams are open");

    private final int status;
    private final String title;
    private final String uri = ProblemType.uri(name());

    HttpProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String uri() {
        return uri;
    }
}
