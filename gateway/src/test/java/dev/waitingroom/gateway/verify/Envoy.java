package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.Answer;
import java.util.List;
import java.util.Map;

/** Envoy as far as its filter {@code ext_authz} goes, with the configuration of envoy.md. */
interface Envoy extends AutoCloseable {
    /**
     * Asks the gateway about a visitor's request.
     *
     * @param headers in lower case, as Envoy has them when the filter runs
     */
    Ruling ask(String method, String target, Map<String, String> headers);

    @Override
    default void close() {}

    /**
     * What Envoy does next.
     *
     * @param passes whether the service gets the request
     * @param failed whether the check failed, so that the configuration alone decides
     * @param answer what the visitor gets if the request does not pass; else what is added to the service's answer
     * @param removed headers that the service does not get
     */
    record Ruling(boolean passes, boolean failed, Answer answer, List<String> removed) {
        static Ruling failed(String method, String target, boolean allow) {
            return new Ruling(allow, true, new Answer(method, target, allow ? 200 : 403, Map.of(), ""), List.of());
        }
    }
}
