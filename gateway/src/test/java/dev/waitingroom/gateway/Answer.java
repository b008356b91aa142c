package dev.waitingroom.gateway;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An answer over HTTP. */
public record Answer(String method, String path, int status, Map<String, List<String>> headers, String body) {
    static Answer of(String method, String path, HttpResponse<String> response) {
        return new Answer(method, path, response.statusCode(), headers(response), response.body());
    }

    static Map<String, List<String>> headers(HttpResponse<?> response) {
        Map<String, List<String>> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return headers;
    }

    /** Parses one answer from the bytes of a connection. */
    public static Answer parse(String method, String path, String wire) {
        int end = wire.indexOf("\r\n\r\n");
        List<String> head = wire.substring(0, end).lines().toList();
        Map<String, List<String>> headers = new TreeMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        // HTTP/1.1 404 Not Found
        int status = Integer.parseInt(head.getFirst().split(" ", 3)[1]);
        return new Answer(method, path, status, headers, wire.substring(end + 4));
    }

    public String header(String name) {
        return all(name).stream().findFirst().orElse("");
    }

    public List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    public Map<String, Object> json() {
        try {
            return JSONObjectUtils.parse(body());
        } catch (ParseException e) {
            throw new AssertionError("no JSON object: " + body(), e);
        }
    }

    public String text(String field) {
        return String.valueOf(json().get(field));
    }

    public long number(String field) {
        return ((Number) json().getOrDefault(field, "absent")).longValue();
    }
}
