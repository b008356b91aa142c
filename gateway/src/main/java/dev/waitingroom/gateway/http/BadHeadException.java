package dev.waitingroom.gateway.http;

/** A head that follows the grammar of HTTP, but breaks a rule. The answer tells the rule. */
final class BadHeadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;

    BadHeadException(String rule) {
        super(rule, null, false, false);
        this.rule = rule;
    }

    /** The broken rule. */
    String rule() {
        return rule;
    }
}
