package dev.waitingroom.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;

/** The options of the Connection header (RFC 9110, 7.6.1). */
public final class ConnectionOptions {
    /**
     * A header of our own with the options that Connection had, if it had others than {@code close}, {@code keep-alive} and {@code upgrade}:
     * names of headers that a proxy does not forward. No client can set it.
     */
    public static final AsciiString OTHERS = AsciiString.cached("waiting-room-connection");

    private static final List<AsciiString> OWN =
            List.of(HttpHeaderValues.CLOSE, HttpHeaderValues.KEEP_ALIVE, HttpHeaderValues.UPGRADE);

    private ConnectionOptions() {}

    /** Reduces Connection to one option, since Vert.x does not find these in a list. */
    static void reduce(HttpHeaders headers) {
        headers.remove(OTHERS);
        if (!headers.contains(HttpHeaderNames.CONNECTION)) {
            return;
        }
        List<String> options = headers.getAll(HttpHeaderNames.CONNECTION).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .toList();
        headers.remove(HttpHeaderNames.CONNECTION);
        if (options.stream().anyMatch(ConnectionOptions::isOther)) {
            headers.set(OTHERS, String.join(",", options));
        }
        if (has(options, HttpHeaderValues.UPGRADE)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else if (has(options, HttpHeaderValues.CLOSE)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (has(options, HttpHeaderValues.KEEP_ALIVE)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private static boolean isOther(String option) {
        return !option.isEmpty() && OWN.stream().noneMatch(own -> own.contentEqualsIgnoreCase(option));
    }

    private static boolean has(List<String> options, AsciiString option) {
        return options.stream().anyMatch(option::contentEqualsIgnoreCase);
    }
}
