package dev.waitingroom.bench.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Sends one request again and again, over a bounded number of connections. */
final class LoadClient {
    private static final int CONNECTIONS = 64;
    private static final int MAX_WAITING = 100_000;
    private static final long TICK_MILLIS = 1;

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions request;

    /** @param cookie empty for none */
    LoadClient(Vertx vertx, int port, String path, String cookie) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(path);
        if (!cookie.isEmpty()) {
            request.putHeader("Cookie", cookie);
        }
    }

    /** The times of the median and the slowest but one percent, ms. */
    record Times(double median, double p99) {
        private static Times of(List<Long> nanos) {
            List<Long> sorted = new ArrayList<>(nanos);
            Collections.sort(sorted);
            return new Times(millis(sorted, 0.5), millis(sorted, 0.99));
        }

        private static double millis(List<Long> sorted, double share) {
            return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1e6;
        }
    }

    /** Sends as fast as the answers come, on all connections. Returns how many were answered. */
    long saturate(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        AtomicLong answered = new AtomicLong();
        List<Future<Void>> loops = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Promise<Void> loop = Promise.promise();
            repeat(end, answered, loop);
            loops.add(loop.future());
        }
        Future.all(loops).toCompletionStage().toCompletableFuture().join();
        return answered.get();
    }

    /** One promise for all repetitions: a future composed of each would complete all before it, and overflow the stack. */
    private void repeat(long end, AtomicLong answered, Promise<Void> done) {
        if (System.nanoTime() - end >= 0) {
            done.complete();
            return;
        }
        var _ = send().onSuccess(body -> {
                    answered.incrementAndGet();
                    repeat(end, answered, done);
                })
                .onFailure(done::fail);
    }

    /** Sends at this rate, whether or not answers come. A time begins when a request is due, not when a connection is free. */
    Times pace(double perSecond, Duration time) {
        List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> done = new CompletableFuture<>();
        long begin = System.nanoTime();
        long[] sent = {0};
        List<Future<Buffer>> open = Collections.synchronizedList(new ArrayList<>());
        vertx.setPeriodic(TICK_MILLIS, timer -> {
            long now = System.nanoTime();
            long due = (long) ((now - begin) / 1e9 * perSecond);
            for (; sent[0] < due; sent[0]++) {
                long at = begin + (long) (sent[0] / perSecond * 1e9);
                open.add(send().onSuccess(body -> nanos.add(System.nanoTime() - at)));
            }
            if (now - begin >= time.toNanos()) {
                vertx.cancelTimer(timer);
                done.complete(null);
            }
        });
        done.join();
        Future.all(List.copyOf(open)).toCompletionStage().toCompletableFuture().join();
        return Times.of(nanos);
    }

    /** Fails if the answer is not 200. */
    private Future<Buffer> send() {
        return client.request(request)
                .compose(sent -> sent.send())
                .compose(answer -> answer.statusCode() == 200 ? answer.body() : unexpected(answer));
    }

    private static Future<Buffer> unexpected(HttpClientResponse answer) {
        return answer.body().compose(body -> Future.failedFuture("unexpected: " + answer.statusCode() + " " + body));
    }
}
