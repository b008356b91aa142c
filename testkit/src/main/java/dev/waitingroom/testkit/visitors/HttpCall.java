package dev.waitingroom.testkit.visitors;

import java.util.Map;

/**
 * A request that is not of the queue's API.
 *
 * @param method such as GET
 * @param target path and query
 * @param headers their names and values
 * @param body may be empty
 */
public record HttpCall(String method, String target, Map<String, String> headers, String body) {
    public HttpCall {
        headers = Map.copyOf(headers);
    }
}
