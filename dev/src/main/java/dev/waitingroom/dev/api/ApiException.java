package dev.waitingroom.dev.api;

import java.io.Serial;

/** An error answer of the API: HTTP status, reason of the Kubernetes API conventions, and message. */
final class ApiException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    private ApiException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static ApiException notFound(String what) {
        return new ApiException(404, "NotFound", what + " not found");
    }

    static ApiException alreadyExists(ObjectKey key) {
        return new ApiException(409, "AlreadyExists", key + " already exists");
    }

    static ApiException conflict(ObjectKey key) {
        return new ApiException(
                409, "Conflict", "Operation cannot be fulfilled on " + key + ": the object has been modified");
    }

    static ApiException invalid(ObjectKey key, String why) {
        return new ApiException(422, "Invalid", key + " is invalid: " + why);
    }

    static ApiException badRequest(String why) {
        return new ApiException(400, "BadRequest", why);
    }

    static ApiException expired(String why) {
        return new ApiException(410, "Expired", why);
    }

    static ApiException unsupported(String mediaType) {
        return new ApiException(415, "UnsupportedMediaType", "patches of type " + mediaType + " are not supported");
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
