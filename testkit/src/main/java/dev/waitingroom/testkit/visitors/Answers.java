package dev.waitingroom.testkit.visitors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the answers of gateways. An answer that does not follow the API is {@link Answer.Unreadable}, with the reason. */
final class Answers {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Answers() {}

    static Answer read(Operation operation, int status, MultiMap headers, byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (java.io.IOException e) {
            return new Answer.Unreadable(status, "no JSON: " + why(e));
        }
        try {
            if (status >= 400) {
                return refused(status, headers, json);
            }
            return switch (operation) {
                case Operation.Join join
                when status == 200 -> new Answer.Entered(text(json, "waiting_token"), admitted(json));
                case Operation.Join join ->
                    new Answer.Joined(
                            text(json, "waiting_token"),
                            number(json, "position_hint"),
                            Duration.ofSeconds(number(json, "eta_sec")),
                            Duration.ofMillis(number(json, "poll_after_ms")));
                case Operation.Poll poll -> standing(json);
                case Operation.Admit admit -> admitted(json);
                case Operation.Leave leave -> new Answer.Left();
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return new Answer.Unreadable(status, String.valueOf(e.getMessage()));
        }
    }

    private static Answer.Admitted admitted(JsonNode json) {
        return new Answer.Admitted(
                text(json, "reservation_token"),
                Duration.ofSeconds(number(json, "ttl_sec")),
                Instant.parse(text(json, "expires_at")));
    }

    private static Answer standing(JsonNode json) {
        return new Answer.Standing(
                text(json, "status"),
                number(json, "position"),
                json.path("eta_known").asBoolean()
                        ? Optional.of(Duration.ofSeconds(number(json, "eta_sec")))
                        : Optional.empty(),
                Duration.ofSeconds(number(json, "waiting_time")),
                json.path("ready_for_entry").asBoolean(),
                json.path("on_hold").asBoolean(),
                Duration.ofMillis(number(json, "poll_after_ms")),
                Instant.parse(text(json, "as_of")));
    }

    private static Answer refused(int status, MultiMap headers, JsonNode json) {
        return new Answer.Refused(
                status,
                text(json, "code"),
                json.path("detail").asText(),
                Optional.ofNullable(headers.get("Retry-After"))
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))));
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no text in " + field);
        }
        return value.textValue();
    }

    private static long number(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isIntegralNumber()) {
            throw new IllegalArgumentException("no integer in " + field);
        }
        return value.longValue();
    }

    private static String why(java.io.IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : String.valueOf(e.getMessage());
    }
}
