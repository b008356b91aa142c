package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.protect.AdmissionRequired;
import dev.waitingroom.gateway.session.ReturnPath;
import io.netty.util.AsciiString;
import io.vertx.core.buffer.Buffer;

/** Tells a person, or a program, why the service is not reached: a page or a problem document, by what the client accepts. */
final class ErrorPage {
    private static final AsciiString HTML = AsciiString.cached("text/html; charset=utf-8");
    private static final AsciiString NO_STORE = AsciiString.cached("no-store");
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
    private static final String TITLE = "TITLE";
    private static final String TEXT = "TEXT";
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>TITLE</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
            </style>
            </head>
            <body>
            <h1>TITLE</h1>
            <p>TEXT</p>
            </body>
            </html>
            """;

    private ErrorPage() {}

    /** The service fails. */
    static void answer(Exchange exchange, Problem problem) {
        answer(exchange, problem, "You keep your admission. Please reload this page in a moment.");
    }

    /** A link does not let its visitor in. */
    static void refuse(Exchange exchange, Problem problem, ReturnPath withoutPass) {
        String href = withoutPass.value().replace("&", "&amp;");
        answer(exchange, problem, "You can <a href=\"" + href + "\">go on without it</a>, and wait in line.");
    }

    private static void answer(Exchange exchange, Problem problem, String html) {
        if (!AdmissionRequired.isNavigation(
                exchange.head().method(), exchange.head().headers())) {
            exchange.answer(problem);
            return;
        }
        exchange.header("Content-Security-Policy", POLICY);
        exchange.writer()
                .body(
                        problem.type().status(),
                        HTML,
                        NO_STORE,
                        Buffer.buffer(
                                PAGE.replace(TITLE, problem.type().title()).replace(TEXT, html)));
    }
}
