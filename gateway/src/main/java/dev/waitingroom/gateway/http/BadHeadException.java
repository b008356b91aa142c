package dev.waitingroom.gateway.http;

/** A head that HTTP's grammar allows and its rules do not. The rule is told to the client. */
final class BadHeadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    BadHeadException(String rule) {
        super(rule, null, false, false);
        this.rule = rule;
    }

    /** The one that is broken. */
    String rule() {
        return rule;
    }
}
