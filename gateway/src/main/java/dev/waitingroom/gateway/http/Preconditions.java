package dev.waitingroom.gateway.http;

import java.util.List;

/**
 * Preconditions of requests (RFC 9110, 13.1) for resources without entity tags and dates of change. A condition on a date is ignored then,
 * as 13.1.3 and 13.1.4 ask. Pure.
 */
final class Preconditions {
    /** What is to be done with a request. */
    enum Outcome {
        PROCEED,
        /** 304: what the client has is good enough. */
        NOT_MODIFIED,
        /** 412. */
        FAILED;

        Problem problem() {
            return Problem.of(
                    HttpProblem.PRECONDITION_FAILED,
                    "nothing here has an entity tag; send the request without If-Match");
        }
    }

    private static final String ANY = "*";

    private Preconditions() {}

    /**
     * @param represented whether the resource has a representation now: what GET would answer with 200
     * @param ifMatch the field's values
     * @param ifNoneMatch the field's values
     */
    static Outcome evaluate(boolean represented, List<String> ifMatch, List<String> ifNoneMatch) {
        if (!ifMatch.isEmpty() && !(represented && isAny(ifMatch))) {
            return Outcome.FAILED; // no tag matches where there is none
        }
        if (represented && isAny(ifNoneMatch)) {
            return Outcome.NOT_MODIFIED;
        }
        return Outcome.PROCEED;
    }

    private static boolean isAny(List<String> values) {
        return values.size() == 1 && ANY.equals(values.getFirst().strip());
    }
}
