package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.RequestHead;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/**
 * {@code auth_request} of nginx, and ingress-nginx. It understands 2xx, 401 and 403; all else becomes 500. Body and headers of the answer
 * are lost, but its configuration can read headers: 401 sends a browser to the page, and 403 is for programs.
 */
final class NginxDialect implements Dialect {
    /** Path and query, by our documentation. */
    private static final String URI = "X-Original-URI";

    /** The whole URL, by ingress-nginx. */
    private static final String URL = "X-Original-URL";

    private static final String METHOD = "X-Original-Method";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HTTPS = "https://";
    private static final String PAGE = "Waiting-Room-Page";
    private static final String GET = "GET";

    @Override
    public OriginalRequest original(RequestHead head) {
        if (!head.isFromTrustedProxy()) {
            return new OriginalRequest(head.method(), "");
        }
        return new OriginalRequest(head.header(METHOD).orElse(GET), target(head));
    }

    /** The proxy sets one of the two, and passes the other on as the visitor sent it: they count only if all agree. */
    private static String target(RequestHead head) {
        List<String> uris = head.headers().getAll(URI);
        List<String> urls = head.headers().getAll(URL);
        String first = uris.isEmpty()
                ? urls.stream().findFirst().map(NginxDialect::target).orElse("")
                : uris.getFirst();
        boolean agree = uris.stream().allMatch(first::equals)
                && urls.stream().allMatch(url -> target(url).equals(first));
        return agree ? first : "";
    }

    /** Path and query of a URL. */
    private static String target(String url) {
        int authority = url.indexOf("://");
        int path = authority < 0 ? -1 : url.indexOf('/', authority + 3);
        return path < 0 ? "" : url.substring(path);
    }

    /** ingress-nginx removes X-Forwarded-Proto from its question, so that only the URL tells the scheme. */
    @Override
    public boolean secure(Exchange exchange) {
        RequestHead head = exchange.head();
        return exchange.secure()
                || (head.isFromTrustedProxy()
                        && head.header(PROTO).isEmpty()
                        && head.header(URL).filter(url -> url.startsWith(HTTPS)).isPresent());
    }

    @Override
    public void refuse(Exchange exchange, String eventId, OriginalRequest original) {
        boolean browser = AdmissionRequired.isNavigation(
                original.method(), exchange.head().headers());
        exchange.header(PAGE, AdmissionRequired.page(eventId, original.target()));
        exchange.header(
                HttpHeaders.RETRY_AFTER, Long.toString(Problem.retryAfterSeconds(AdmissionRequired.RETRY_AFTER)));
        exchange.answerEmpty(browser ? 401 : 403);
    }
}
