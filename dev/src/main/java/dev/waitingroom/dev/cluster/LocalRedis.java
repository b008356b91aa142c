package dev.waitingroom.dev.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import redis.embedded.RedisServer;

/** The Redis that comes with the build, on a free port of 127.0.0.1, persisting nothing. */
public final class LocalRedis implements AutoCloseable {
    private final RedisServer server;
    private final int port = Ports.free();

    private LocalRedis() throws IOException {
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        server.start();
    }

    /** Starts one; it answers when the call returns. */
    public static LocalRedis start() {
        try {
            return new LocalRedis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
