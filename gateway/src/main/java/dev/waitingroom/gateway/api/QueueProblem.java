package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.http.ProblemType;

/** Problems of the waiting room and of the gateway that serves it. */
public enum QueueProblem implements ProblemType {
    INVALID_TOKEN(401, "The waiting token is not valid"),
    NOT_READY(403, "Your turn has not come"),
    JOINS_CLOSED(403, "Nobody can join now"),
    UNKNOWN_EVENT(404, "There is no such event"),
    NO_TOKEN(409, "Admissions are used up for the moment"),
    EXPIRED(410, "The place is gone"),
    LEFT(410, "The place was given up"),
    MOVED(410, "The place is on another device"),
    CLOSED(410, "The waiting room is closed"),
    QUEUE_FULL(503, "The waiting room is full"),
    UNAVAILABLE(503, "The waiting room cannot do this now"),
    RECOVERING(503, "The waiting room is recovering"),
    OVERLOADED(503, "Too many requests are in flight"),
    STARTING(503, "This gateway is starting"),
    DRAINING(503, "This gateway is shutting down");

    private final int status;
    private final String title;
    private final String uri = ProblemType.uri(name());

    QueueProblem(int status, String title) {
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
