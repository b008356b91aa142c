package dev.waitingroom.testkit.visitors;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A client of the gateway's API. It has one event loop, so thousands of visitors cost half a core. Unlike the JDK's client it never repeats a call by
 * itself: a gateway gets each call at most once. Thread-safe.
 */
public final class VisitorClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final HttpClientAgent http;
    private final Duration timeout;

    /**
     * @param connections the greatest number to each gateway; further calls wait for one
     * @param timeout for a call, with the wait for a connection; longer than a gateway holds an admit (2 s)
     */
    public VisitorClient(int connections, Duration timeout) {
        this.timeout = timeout;
        vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setWorkerPoolSize(1));
        http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) CONNECT.toMillis()),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(100_000));
    }

    /**
     * Makes a call.
     *
     * @param gateway scheme, host and port
     * @return the answer, {@link Answer.Lost} if none came; the stage never fails
     */
    public CompletionStage<Answer> call(URI gateway, Operation operation) {
        return send(gateway, operation).toCompletionStage();
    }

    /**
     * Sends a request that is not of the queue's API.
     *
     * @param gateway scheme, host and port
     * @return the answer, empty if none came; the stage never fails
     */
    public CompletionStage<Optional<HttpAnswer>> send(URI gateway, HttpCall call) {
        RequestOptions request =
                to(gateway).setMethod(HttpMethod.valueOf(call.method())).setURI(call.target());
        call.headers().forEach(request::putHeader);
        return http.request(request)
                .compose(open -> open.send(Buffer.buffer(call.body()))
                        .compose(response -> response.body()
                                .map(bytes -> Optional.of(new HttpAnswer(
                                        response.statusCode(),
                                        response.headers().getAll(HttpHeaders.SET_COOKIE),
                                        bytes.toString())))))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(Optional.empty())
                .toCompletionStage();
    }

    private static RequestOptions to(URI gateway) {
        return new RequestOptions()
                .setHost(gateway.getHost())
                .setPort(gateway.getPort())
                .setConnectTimeout(CONNECT.toMillis());
    }

    Future<Answer> send(URI gateway, Operation operation) {
        RequestOptions request = to(gateway);
        Buffer body = switch (operation) {
            case Operation.Join join -> {
                request.setMethod(HttpMethod.POST).setURI("/api/v1/queue/join");
                join.idempotencyKey().ifPresent(key -> request.putHeader("Idempotency-Key", key));
                JsonObject json = new JsonObject().put("event_id", join.eventId());
                join.userId().ifPresent(id -> json.put("user_id", id));
                if (join.admit()) {
                    json.put("admit", true);
                }
                yield json.toBuffer();
            }
            case Operation.Poll poll -> {
                request.setMethod(HttpMethod.GET).setURI("/api/v1/queue/status?token=" + escaped(poll.token()));
                yield Buffer.buffer();
            }
            case Operation.Admit admit -> {
                request.setMethod(HttpMethod.POST).setURI("/api/v1/queue/admit");
                yield new JsonObject().put("waiting_token", admit.token()).toBuffer();
            }
            case Operation.Leave leave -> {
                request.setMethod(HttpMethod.DELETE).setURI("/api/v1/queue/leave?token=" + escaped(leave.token()));
                yield Buffer.buffer();
            }
        };
        if (body.length() > 0) {
            request.putHeader("Content-Type", "application/json");
        }
        return http.request(request)
                .compose(open -> open.send(body)
                        .compose(response -> response.body()
                                .map(bytes -> Answers.read(
                                        operation, response.statusCode(), response.headers(), bytes.getBytes()))))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> new Answer.Lost(String.valueOf(failure.getMessage())));
    }

    private static String escaped(String token) {
        return URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    /** Runs tasks on the thread on which answers come. They must not block. */
    public Executor loop() {
        Context context = vertx.getOrCreateContext();
        return task -> context.runOnContext(ignored -> task.run());
    }

    /** The loop on which answers come. */
    Vertx vertx() {
        return vertx;
    }

    /** Closes every connection, and returns when that is done. Calls under way are lost. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
