package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.ProblemType;

/** Problems of requests for a protected service. */
enum UpstreamProblem implements ProblemType {
    LINK_EXPIRED(403, "This link has expired"),
    LINK_INVALID(403, "This link is not valid"),
    UPSTREAM_UNREACHABLE(502, "The service cannot be reached"),
    UPSTREAM_TIMEOUT(504, "The service did not answer in time");

    private final int status;
    private final String title;
    private final String uri = ProblemType.uri(name());

    UpstreamProblem(int status, String title) {
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
