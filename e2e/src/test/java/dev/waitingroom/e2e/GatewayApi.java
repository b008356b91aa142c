package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A gateway's API, called as a browser does: a call that a stopping pod leaves unanswered is repeated. Thread-safe.
 *
 * @param base the URI of the Service, with a slash at its end
 */
record GatewayApi(HttpClient http, URI base) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A call that takes this long reached no pod. A pod that waits for the CPU answers sooner. */
    private static final Duration ONE_CALL = Duration.ofSeconds(15);

    private static final Set<Integer> ASK_AGAIN = Set.of(502, 503, 504);

    /** An answer. */
    record Answer(int status, JsonNode body) {
        String text(String field) {
            return Objects.requireNonNull(body.get(field), () -> field + " in " + this)
                    .asText();
        }

        int number(String field) {
            return Objects.requireNonNull(body.get(field), () -> field + " in " + this)
                    .asInt();
        }
    }

    GatewayApi(URI base) {
        this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), base);
    }

    /** Joins. The same user gets the same place, so a retry takes no second one. */
    Answer join(String event, String user) {
        return patiently(joining(event, user));
    }

    /** The same, without retries. */
    Answer joinOnce(String event, String user) throws InterruptedException {
        return call(joining(event, user).build());
    }

    Answer status(String token) {
        return patiently(asking(token));
    }

    /** The same, without retries. */
    Answer statusOnce(String token) throws InterruptedException {
        return call(asking(token).build());
    }

    Answer admit(String token) {
        return patiently(post("api/v1/queue/admit", JSON.createObjectNode().put("waiting_token", token)));
    }

    /** The reservation, if this call was admitted. */
    Optional<String> admitted(String token) {
        Answer answer = admit(token);
        return answer.status() == 200 ? Optional.of(answer.text("reservation_token")) : Optional.empty();
    }

    JWKSet jwks() {
        Answer answer = patiently(to(".well-known/jwks.json").GET());
        try {
            return JWKSet.parse(answer.body().toString());
        } catch (ParseException e) {
            throw new AssertionError("not a JWK Set: " + answer, e);
        }
    }

    private HttpRequest.Builder joining(String event, String user) {
        return post(
                "api/v1/queue/join",
                JSON.createObjectNode().put("event_id", event).put("user_id", user));
    }

    private HttpRequest.Builder asking(String token) {
        return to("api/v1/queue/status?token=" + token).GET();
    }

    private HttpRequest.Builder post(String path, JsonNode body) {
        return to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(ONE_CALL);
    }

    private Answer patiently(HttpRequest.Builder request) {
        return await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> call(request.build()), answer -> !ASK_AGAIN.contains(answer.status()));
    }

    private Answer call(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
