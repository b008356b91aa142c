package dev.waitingroom.gateway.http;

import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.gateway.ops.Build;
import dev.waitingroom.gateway.ops.Health;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What is told about the gateway itself: keys, contract, version, health. */
final class InfoRoutes {
    private static final Duration CACHE = Duration.ofMinutes(5);

    private InfoRoutes() {}

    static List<Route> published(Supplier<ReservationKeys> keys, Build build) {
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

    static List<Route> probes(Health health) {
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

    /** What load balancers ask for unless they are told otherwise: by GET, or by OPTIONS as HAProxy does. Says what /readyz says. */
    static Route root(Health health) {
        Buffer text = Buffer.buffer("A waiting room is served here; /openapi.yaml says how.\n");
        return Route.getOrOptions("/", x -> ifReady(x, health, () -> x.answerText("text/plain", text)));
    }

    private static void ifReady(Exchange x, Health health, Runnable ready) {
        switch (health.readiness()) {
            case READY -> ready.run();
            case STARTING -> x.answer(Problem.retry(ProblemType.STARTING, health.starting(), Duration.ofSeconds(1)));
            case DRAINING ->
                x.answer(Problem.retry(ProblemType.DRAINING, "this gateway is shutting down", Duration.ofSeconds(1)));
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
