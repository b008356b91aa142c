package dev.waitingroom.gateway;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;

/** The calls of a visitor's browser to one gateway process. */
record Visitor(HttpClient client, int port) {
    /** @param json the body, a success or a problem */
    record Answer(int status, Map<String, Object> json, HttpResponse<String> response) {
        String text(String field) {
            return String.valueOf(json.get(field));
        }

        long number(String field) {
            return ((Number) json.getOrDefault(field, "absent")).longValue();
        }
    }

    Answer join(String eventId, String more) {
        return send(request("/api/v1/queue/join")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"event_id\":\"" + eventId + "\"" + more + "}")));
    }

    Answer status(String token) {
        return send(request("/api/v1/queue/status?token=" + token));
    }

    Answer admit(String token) {
        return send(request("/api/v1/queue/admit")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"waiting_token\":\"" + token + "\"}")));
    }

    Answer leave(String token) {
        return send(request("/api/v1/queue/leave?token=" + token).DELETE());
    }

    Answer get(String path) {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSONObjectUtils.parse(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ParseException e) {
            throw new AssertionError("no JSON object", e);
        }
    }
}
