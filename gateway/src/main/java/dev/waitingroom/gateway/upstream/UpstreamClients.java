package dev.waitingroom.gateway.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/**
 * HTTP clients for protected services, each with connections of its own. Every event loop has one, so that a request and its connection to
 * the service share a thread: else each part of an answer would wake another one. Thread-safe.
 */
final class UpstreamClients {
    private static final int MAX_HEADERS = 64 * 1024;

    /** Shorter than services keep idle connections (Node.js: 5 s), so that few requests meet one that is being closed. */
    private static final int IDLE_CONNECTION_SECONDS = 4;

    private final ThreadLocal<HttpClient> clients;

    /** @param connections the most connections of an event loop to one service */
    UpstreamClients(Vertx vertx, int connections) {
        this.clients = ThreadLocal.withInitial(() -> vertx.createHttpClient(
                new HttpClientOptions()
                        .setMaxHeaderSize(MAX_HEADERS)
                        .setKeepAliveTimeout(IDLE_CONNECTION_SECONDS)
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(connections)));
    }

    /** That of the event loop that runs this. */
    HttpClient ofThisLoop() {
        return clients.get();
    }
}
