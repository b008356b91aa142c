package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.Exchange;
import dev.waitingroom.gateway.http.HttpProblem;
import dev.waitingroom.gateway.http.Problem;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.Protection.UpstreamLimits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the service: connects, limits times and sizes, and repeats what a closed connection cut off. Confined to the
 * event loop of the request.
 */
final class UpstreamRequest implements ProxyInterceptor {
    /** Methods that may be sent again, since a repetition has no further effect (RFC 9110, 9.2.2). */
    private static final Set<HttpMethod> REPEATABLE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Its own tunnel for WebSockets, in {@link UpstreamResponse}, waits for slow readers. */
    private static final ProxyOptions OPTIONS = new ProxyOptions();

    private final HttpClient client;
    private final Protection.Service service;
    private final UpstreamLimits limits;
    private final HttpServerRequest request;
    private final Exchange exchange;
    private final UpstreamHeaders headers;
    private final BiConsumer<Problem, Throwable> failed;
    private final IdleLimit idle;
    private final boolean hasBody;
    private @Nullable HttpClientRequest upstream;
    private @Nullable Problem stopped;

    /** @param failed is told why the service did not answer */
    UpstreamRequest(
            Vertx vertx,
            HttpClient client,
            UpstreamTarget target,
            HttpServerRequest request,
            Exchange exchange,
            UpstreamHeaders headers,
            BiConsumer<Problem, Throwable> failed) {
        this.client = client;
        this.service = target.service();
        this.limits = target.room().protection().limits();
        this.request = request;
        this.exchange = exchange;
        this.headers = headers;
        this.failed = failed;
        this.hasBody = request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || announcedLength(request) > 0;
        this.idle = new IdleLimit(vertx, limits.response(), this::timedOut);
    }

    /** The announced length of the body; 0 if none is announced. */
    static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length); // Netty lets nothing else pass
    }

    void start() {
        request.pause();
        request.response().closeHandler(closed -> idle.cancel());
        if (hasBody
                && request.version() == HttpVersion.HTTP_1_1
                && request.headers().contains(HttpHeaders.EXPECT)) {
            request.response().writeContinue();
        }
        HttpProxy.reverseProxy(OPTIONS, client)
                .origin(context -> connect())
                .addInterceptor(this, true)
                .handle(request);
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        ProxyRequest out = context.request();
        headers.toService(out, context.isWebSocket());
        Future<ProxyResponse> answer;
        if (context.isWebSocket()) {
            answer = context.sendRequest();
        } else if (hasBody) {
            out.setBody(Body.body(
                    new WatchedStream(out.getBody().stream(), this::passed),
                    out.getBody().length()));
            answer = connect().compose(out::send);
        } else {
            out.setBody(null);
            request.resume();
            answer = connect()
                    .compose(out::send)
                    .recover(why -> repeatable() ? connect().compose(out::send) : Future.failedFuture(why));
        }
        return answer.recover(this::answerFailure);
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        return new UpstreamResponse(request, exchange, headers, idle).send(context);
    }

    private Future<HttpClientRequest> connect() {
        return client.request(new RequestOptions()
                        .setMethod(request.method())
                        .setHost(service.host())
                        .setPort(service.port())
                        .setConnectTimeout(limits.connect().toMillis()))
                .map(connected -> {
                    upstream = connected;
                    return connected;
                });
    }

    private boolean repeatable() {
        return stopped == null
                && REPEATABLE.contains(request.method())
                && !request.response().closed();
    }

    private void passed(long bytes) {
        idle.touch();
        if (bytes > limits.bodyBytes()) {
            stop(Problem.of(HttpProblem.BODY_TOO_LARGE, "a body has at most " + limits.bodyBytes() + " bytes"));
        }
    }

    private void timedOut() {
        stop(Problem.of(
                UpstreamProblem.UPSTREAM_TIMEOUT,
                "nothing came for " + limits.response().toSeconds() + " s"));
    }

    private void stop(Problem why) {
        if (stopped == null) {
            stopped = why;
            if (upstream != null) {
                var _ = upstream.reset();
            }
        }
    }

    /** Answers here, not through the proxy, which knows neither pages nor problem documents. */
    private Future<ProxyResponse> answerFailure(Throwable why) {
        idle.cancel();
        Problem problem = stopped == null
                ? Problem.of(
                        UpstreamProblem.UPSTREAM_UNREACHABLE,
                        "the service could not be reached, or closed the connection")
                : stopped;
        failed.accept(problem, why);
        if (!request.response().headWritten()) {
            if (!request.isEnded()) {
                exchange.closeAfterwards();
                request.resume();
            }
            ErrorPage.answer(exchange, problem);
        }
        return Promise.<ProxyResponse>promise().future(); // never completes: the answer is given
    }
}
