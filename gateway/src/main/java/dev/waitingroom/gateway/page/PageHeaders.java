package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.EntityTag;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Gzip;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** Sends a page with the headers that protect it. */
final class PageHeaders {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String NO_STORE = "no-store";

    /** The browser may keep the page, and must ask each time. */
    private static final String REVALIDATE = "private, no-cache";

    private PageHeaders() {}

    /** A page that shows a visitor's place is stored nowhere. */
    static void personal(Exchange x, PageViews.Request request, int status, PageRenderer.Page page) {
        answer(x, request, status, NO_STORE, page);
    }

    /** A page without a place. */
    static void tagged(Exchange x, PageViews.Request request, EntityTag tag, PageRenderer.Page page) {
        x.header(HttpHeaders.ETAG, tag.text()); // weak, so it stands for the compressed page as well
        answer(x, request, 200, REVALIDATE, page);
    }

    /** The policy of the stored page stays in force: a new one would name a nonce that the page does not have. */
    static void notModified(Exchange x, EntityTag tag) {
        x.header(HttpHeaders.ETAG, tag.text());
        vary(x);
        x.writer().notModified(REVALIDATE);
    }

    private static void answer(
            Exchange x, PageViews.Request request, int status, String cacheControl, PageRenderer.Page page) {
        vary(x);
        x.header("Content-Security-Policy", policy(page.nonce()));
        x.header("Referrer-Policy", "same-origin"); // with no-referrer a form's Origin would be null
        x.header("Cross-Origin-Opener-Policy", "same-origin");
        x.header("X-Frame-Options", "DENY");
        x.header("X-Robots-Tag", "noindex");
        byte[] html = page.html().getBytes(StandardCharsets.UTF_8);
        if (request.gzip()) {
            x.header(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        x.writer().body(status, HTML, cacheControl, request.gzip() ? Gzip.compress(html) : Buffer.buffer(html));
    }

    private static void vary(Exchange x) {
        x.header(HttpHeaders.VARY, "Accept-Encoding, Accept-Language, Cookie");
    }

    private static String policy(String nonce) {
        return "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce
                + "'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
