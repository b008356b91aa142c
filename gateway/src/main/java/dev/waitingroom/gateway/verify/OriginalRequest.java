package dev.waitingroom.gateway.verify;

/**
 * The visitor's request, as the proxy says.
 *
 * @param method such as GET
 * @param target path and query; empty if the proxy does not say it, or cannot be believed
 */
record OriginalRequest(String method, String target) {
    /** The path; empty if it is unknown. It then counts as protected. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    boolean isPreflight() {
        return method.equals("OPTIONS");
    }
}
