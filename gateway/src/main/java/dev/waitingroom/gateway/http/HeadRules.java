package dev.waitingroom.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What RFC 9110 and 9112 ask of a request's head and neither Netty nor Vert.x looks at. */
final class HeadRules {
    private static final String NAME = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+";
    private static final String LITERAL = "\\[(?:[0-9A-Fa-f:.]++|v[0-9A-Fa-f]++\\.[A-Za-z0-9._~!$&'()*+,;=:-]++)]";
    private static final Pattern HOST = Pattern.compile("(?:" + NAME + "|" + LITERAL + ")(?::[0-9]{0,5})?");

    private HeadRules() {}

    /** @throws BadHeadException if the request cannot be served */
    @SuppressWarnings("ReferenceEquality") // as Vert.x compares them: http/1.1 is another
    static void check(HttpRequest request) {
        boolean http11 = request.protocolVersion() == HttpVersion.HTTP_1_1;
        if (!http11 && request.protocolVersion() != HttpVersion.HTTP_1_0) {
            throw new BadHeadException("this server speaks HTTP/1.1 and HTTP/1.0");
        }
        host(request.headers(), http11);
        transferCoding(request.headers());
        connection(request.headers());
    }

    private static void host(HttpHeaders headers, boolean required) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw new BadHeadException("Host is there more than once");
        }
        if (hosts.isEmpty()) {
            if (required) {
                throw new BadHeadException("Host is missing, which HTTP/1.1 requires");
            }
        } else if (!HOST.matcher(hosts.getFirst()).matches()) {
            throw new BadHeadException("Host must be a host, or a host and a port");
        }
    }

    private static void transferCoding(HttpHeaders headers) {
        for (String coding : headers.getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
            if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
                throw new BadHeadException("Transfer-Encoding must be chunked alone");
            }
        }
    }

    /** Vert.x looks for a value that is close or keep-alive, and not into lists. */
    private static void connection(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.CONNECTION)) {
            return;
        }
        List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
        for (AsciiString option : List.of(HttpHeaderValues.CLOSE, HttpHeaderValues.KEEP_ALIVE)) {
            if (values.stream().anyMatch(value -> lists(value, option))) {
                headers.set(HttpHeaderNames.CONNECTION, option);
                return;
            }
        }
        headers.remove(HttpHeaderNames.CONNECTION);
    }

    private static boolean lists(String value, AsciiString option) {
        return Arrays.stream(value.split(",", -1)).anyMatch(one -> option.contentEqualsIgnoreCase(one.strip()));
    }
}
