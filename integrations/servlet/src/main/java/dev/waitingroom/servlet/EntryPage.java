package dev.waitingroom.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Where the waiting page sends an admitted browser. The script of this page gets the reservation from the gateway and presents it here by
 * POST; the answer sets the cookie. The page then leads to what the visitor asked for.
 */
final class EntryPage {
    private static final String PARENT = "/waitingroom-enter/";
    private static final String SCRIPT = "/enter.js";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final String path;
    private final ReservationCheck check;
    private final ReservationCookie cookie;
    private final Answers answers;
    private final byte[] page;
    private final byte[] script;

    EntryPage(String room, ReservationCheck check, ReservationCookie cookie, Answers answers) {
        this.path = path(room);
        this.check = check;
        this.cookie = cookie;
        this.answers = answers;
        this.page = read("enter.html").replace("ROOM", room).getBytes(StandardCharsets.UTF_8);
        this.script = read("enter.js").getBytes(StandardCharsets.UTF_8);
    }

    /** The path of a room's page, below the context's. */
    static String path(String room) {
        return PARENT + room;
    }

    boolean owns(String asked) {
        return asked.equals(path) || asked.equals(path + SCRIPT);
    }

    void handle(String asked, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD" -> serve(asked, response);
            case "POST" -> present(request, response);
            default -> {
                response.setHeader("Allow", "GET, HEAD, POST");
                response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            }
        }
    }

    /** Another site cannot send Authorization, so that it cannot give its own reservation to a visitor. */
    private void present(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String token = BearerToken.of(request).orElse("");
        Reservation reservation = check.judge(token);
        if (reservation instanceof Reservation.Valid valid) {
            response.addCookie(cookie.with(token, valid.left(), request));
            response.setHeader("Cache-Control", "no-store");
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (reservation instanceof Reservation.Unknown) {
            answers.unavailable(response);
        } else {
            answers.refuse(request, response);
        }
    }

    private void serve(String asked, HttpServletResponse response) throws IOException {
        boolean isScript = asked.endsWith(SCRIPT);
        byte[] content = isScript ? script : page;
        response.setContentType(isScript ? "text/javascript;charset=utf-8" : "text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }

    private static String read(String resource) {
        try (InputStream in = EntryPage.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the archive lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
