package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.http.EntityTag;
import dev.waitingroom.gateway.http.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/** Sends a page with the headers that protect it. */
final class PageHeaders {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String NO_STORE = "no-store";

    /** The browser may keep the page, and must ask each time. */
    private static final String REVALIDATE = "private, no-cache";

    private PageHeaders() {}

    /** A page that shows a visitor's place is stored nowhere. */
    static void personal(Exchange x, int status, PageRenderer.Page page) {
        answer(x, status, NO_STORE, page);
    }

    /** A page without a place. */
    static void tagged(Exchange x, EntityTag tag, PageRenderer.Page page) {
        x.header(HttpHeaders.ETAG, tag.text());
        answer(x, 200, REVALIDATE, page);
    }

    /** The policy of the stored page stays in force: a new one would name a nonce that the page does not have. */
    static void notModified(Exchange x, EntityTag tag) {
        x.header(HttpHeaders.ETAG, tag.text());
        vary(x);
        x.writer().notModified(REVALIDATE);
    }

    private static void answer(Exchange x, int status, String cacheControl, PageRenderer.Page page) {
        vary(x);
        x.header("Content-Security-Policy", policy(page.nonce()));
        x.header("Referrer-Policy", "same-origin"); // with no-referrer a form's Origin would be null
        x.header("Cross-Origin-Opener-Policy", "same-origin");
        x.header("X-Frame-Options", "DENY");
        x.header("X-Robots-Tag", "noindex");
        x.writer().body(status, HTML, cacheControl, Buffer.buffer(page.html()));
    }

    private static void vary(Exchange x) {
        x.header(HttpHeaders.VARY, "Accept-Language, Cookie");
    }

    private static String policy(String nonce) {
        return "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce
                + "'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
