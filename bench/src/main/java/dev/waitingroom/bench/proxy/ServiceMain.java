package dev.waitingroom.bench.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** A service that gives one answer to each request, as long as the one that the gateway gives itself. Its argument is the port. */
public final class ServiceMain {
    private static final String ANSWER = "{\"version\":\"0.1.0-SNAPSHOT\"}";

    private ServiceMain() {}

    public static void main(String[] arguments) {
        HttpServer server = Vertx.vertx()
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(Integer.parseInt(arguments[0])));
        server.requestHandler(request -> {
                    var _ = request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(ANSWER);
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
