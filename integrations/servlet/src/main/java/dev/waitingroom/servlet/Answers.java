package dev.waitingroom.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a visitor without admission is told: a browser where the page is, a program where to join. The gateway answers alike. */
final class Answers {
    private static final int RETRY_AFTER = 5;
    private static final int MAX_TARGET = 2 * 1024;

    private final String room;

    Answers(String room) {
        this.room = room;
    }

    void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isNavigation(request)) {
            String entry = request.getContextPath() + EntryPage.path(room) + "?return=" + encoded(target(request));
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Location", "/waiting/" + room + "?return=" + encoded(entry));
            response.setStatus(HttpServletResponse.SC_SEE_OTHER);
            return;
        }
        // No character of an event id needs to be escaped in JSON.
        problem(
                response,
                429,
                "WAITING_ROOM_REQUIRED",
                "Visitors wait here before they enter",
                "join the waiting room, and repeat the request once admitted",
                ",\"event_id\":\"" + room + "\",\"join_url\":\"/api/v1/queue/join\",\"page_url\":\"/waiting/" + room
                        + "\"");
    }

    /** There is no key yet to check a reservation with. */
    void unavailable(HttpServletResponse response) throws IOException {
        problem(
                response,
                HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "Reservations cannot be checked now",
                "the keys of the waiting room have not been loaded yet; try again",
                "");
    }

    /** Whether a browser asks for a page that it will show. */
    private static boolean isNavigation(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        String mode = request.getHeader("Sec-Fetch-Mode");
        return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && accept != null
                && accept.contains("text/html")
                && (mode == null || mode.equals("navigate"));
    }

    /** Path and query of the request; / if a browser may take it for another host, or if it is very long. */
    private static String target(HttpServletRequest request) {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        String target = query == null ? path : path + "?" + query;
        boolean elsewhere = !target.startsWith("/") || target.startsWith("//") || target.indexOf('\\') >= 0;
        return elsewhere || target.length() > MAX_TARGET ? "/" : target;
    }

    private static void problem(
            HttpServletResponse response, int status, String code, String title, String detail, String more)
            throws IOException {
        String type = "urn:waitingroom:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-');
        byte[] body = ("{\"type\":\"" + type + "\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\""
                        + detail + "\",\"code\":\"" + code + "\"" + more + "}")
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Retry-After", Integer.toString(RETRY_AFTER));
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
