package dev.waitingroom.gateway.upstream;

import dev.waitingroom.gateway.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyResponse;

/** An answer of the service on its way to the visitor. Confined to the event loop of the request. */
final class UpstreamResponse {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NOT_MODIFIED = 304;
    private static final String EVENT_STREAM = "text/event-stream";

    private final HttpServerRequest request;
    private final Exchange exchange;
    private final UpstreamHeaders headers;
    private final IdleLimit idle;

    UpstreamResponse(HttpServerRequest request, Exchange exchange, UpstreamHeaders headers, IdleLimit idle) {
        this.request = request;
        this.exchange = exchange;
        this.headers = headers;
        this.idle = idle;
    }

    Future<Void> send(ProxyContext context) {
        ProxyResponse answer = context.response();
        boolean upgrade = context.isWebSocket() && answer.getStatusCode() == SWITCHING_PROTOCOLS;
        headers.toVisitor(answer.headers(), upgrade);
        if (upgrade) {
            idle.cancel();
            return tunnel(answer);
        }
        idle.touch();
        if (String.valueOf(answer.headers().get(HttpHeaders.CONTENT_TYPE)).startsWith(EVENT_STREAM)) {
            idle.cancel(); // it may be silent for as long as it likes
        }
        if (answer.getStatusCode() == NOT_MODIFIED) {
            return withoutBody(answer);
        }
        Body body = answer.getBody();
        answer.setBody(
                Body.body(new WatchedStream(body.stream(), bytes -> idle.touch()), body.length(), body.mediaType()));
        if (exchange.isLast()) {
            answer.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        boolean untilClose = request.version() == HttpVersion.HTTP_1_0 && body.length() < 0;
        return (untilClose ? untilClose(answer) : answer.send()).andThen(done -> {
            idle.cancel();
            if (exchange.isLast() || untilClose) {
                request.connection().close();
            }
        });
    }

    /** The proxy would announce chunks. */
    private Future<Void> withoutBody(ProxyResponse answer) {
        HttpServerResponse response = head(answer);
        if (exchange.isLast()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        answer.proxiedResponse().resume();
        return response.end().andThen(done -> {
            idle.cancel();
            if (exchange.isLast()) {
                request.connection().close();
            }
        });
    }

    /** Status and headers as the service has them. */
    private HttpServerResponse head(ProxyResponse answer) {
        HttpServerResponse response = request.response().setStatusCode(answer.getStatusCode());
        answer.headers().names().forEach(response.headers()::remove);
        response.headers().addAll(answer.headers()).remove(HttpHeaders.TRANSFER_ENCODING);
        return response;
    }

    /** HTTP/1.0 knows no chunks: the end of the connection ends the body. The proxy would keep the whole body in memory. */
    private Future<Void> untilClose(ProxyResponse answer) {
        HttpServerResponse response = head(answer);
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        ReadStream<Buffer> body = answer.getBody().stream();
        return body.pipeTo(response);
    }

    /** Both directions wait for a slow reader, so that nothing piles up here. */
    private Future<Void> tunnel(ProxyResponse answer) {
        var _ = head(answer);
        NetSocket service = answer.proxiedResponse().netSocket();
        return request.toNetSocket()
                .onSuccess(visitor -> {
                    visitor.closeHandler(closed -> service.close());
                    service.closeHandler(closed -> visitor.close());
                    var _ = visitor.pipeTo(service);
                    var _ = service.pipeTo(visitor);
                })
                .onFailure(failure -> service.close())
                .mapEmpty();
    }
}
