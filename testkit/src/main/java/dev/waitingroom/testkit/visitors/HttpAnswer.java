package dev.waitingroom.testkit.visitors;

import java.util.List;

/**
 * An answer as it came.
 *
 * @param status the HTTP status
 * @param cookies every {@code Set-Cookie}
 * @param body as text, may be empty
 */
public record HttpAnswer(int status, List<String> cookies, String body) {
    public HttpAnswer {
        cookies = List.copyOf(cookies);
    }
}
