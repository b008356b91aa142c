package dev.waitingroom.gateway.api;

import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.Json;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.gateway.http.Route;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Routes about the gateway itself: keys, contract, version, health. */
public final class InfoRoutes {
    private static final Duration CACHE = Duration.ofMinutes(5);

    private InfoRoutes() {}

    public static List<Route> published(Supplier<ReservationKeys> keys, Build build) {
        Buffer openapi = Buffer.buffer(resource("/openapi.yaml"));
        return List.of(
                Route.get(
                        "/.well-known/jwks.json",
                        x -> x.answerCacheable(
                                "application/jwk-set+json",
                                CACHE,
                                Buffer.buffer(keys.get().publicJson()))),
                Route.get("/openapi.yaml", x -> x.answerCacheable("application/yaml", CACHE, openapi)),
                Route.get(
                        "/version",
                        x -> x.answer(
                                200,
                                new Json().field("version", build.version()).end())));
    }

    public static List<Route> probes(Health health) {
        return List.of(
                Route.get(
                        "/healthz",
                        x -> x.answer(200, new Json().field("status", "ok").end())),
                Route.get(
                        "/readyz",
                        x -> ifReady(
                                x,
                                health,
                                () -> x.answer(
                                        200, new Json().field("status", "ready").end()))));
    }

    /** The default path of load balancers' checks, by GET, or by OPTIONS from HAProxy. Has the status of /readyz. */
    public static Route root(Health health) {
        Buffer text = Buffer.buffer("A waiting room is served here; /openapi.yaml says how.\n");
        return Route.getOrOptions("/", x -> ifReady(x, health, () -> x.answerText("text/plain", text)));
    }

    private static void ifReady(Exchange x, Health health, Runnable ready) {
        switch (health.readiness()) {
            case READY -> ready.run();
            case STARTING -> x.answer(Problem.retry(QueueProblem.STARTING, health.starting(), Duration.ofSeconds(1)));
            case DRAINING ->
                x.answer(Problem.retry(
                        QueueProblem.DRAINING, "this gateway process is shutting down", Duration.ofSeconds(1)));
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(InfoRoutes.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
