package dev.waitingroom.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;

/** Checks rules of RFC 9110 and 9112 for the head of a request that neither Netty nor Vert.x checks. */
final class HeadRules {
    private static final String NAME = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+";
    private static final String LITERAL = "\\[(?:[0-9A-Fa-f:.]++|v[0-9A-Fa-f]++\\.[A-Za-z0-9._~!$&'()*+,;=:-]++)]";
    private static final Pattern HOST = Pattern.compile("(?:" + NAME + "|" + LITERAL + ")(?::[0-9]{0,5})?");

    private HeadRules() {}

    /** @throws BadHeadException if the head breaks a rule */
    @SuppressWarnings("ReferenceEquality") // as Vert.x compares them: http/1.1 in lower case is another version
    static void check(HttpRequest request) {
        boolean http11 = request.protocolVersion() == HttpVersion.HTTP_1_1;
        if (!http11 && request.protocolVersion() != HttpVersion.HTTP_1_0) {
            throw new BadHeadException("this server speaks HTTP/1.1 and HTTP/1.0");
        }
        host(request.headers(), http11);
        transferCoding(request.headers());
        ConnectionOptions.reduce(request.headers());
    }

    private static void host(HttpHeaders headers, boolean required) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw new BadHeadException("Host is present more than once");
        }
        if (hosts.isEmpty()) {
            if (required) {
                throw new BadHeadException("Host is missing; HTTP/1.1 requires it");
            }
        } else if (!HOST.matcher(hosts.getFirst()).matches()) {
            throw new BadHeadException("Host must be a host, or a host and a port");
        }
    }

    private static void transferCoding(HttpHeaders headers) {
        for (String coding : headers.getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
            if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
                throw new BadHeadException("Transfer-Encoding must be chunked only");
            }
        }
    }
}
