package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.Answer;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Sends the visitor's method, path, scheme and all headers, those of HTTP/2 included, and no body. Takes the status OK for yes. */
final class EnvoyOverGrpc implements Envoy {
    private static final int FORBIDDEN = 403;

    /** For a loaded machine. Envoy's own default is 200 ms. */
    private static final int SECONDS = 30;

    private final EnvoyConfig config;
    private final ManagedChannel channel;

    EnvoyOverGrpc(int port) {
        this(port, EnvoyConfig.ofGrpc());
    }

    EnvoyOverGrpc(int port, EnvoyConfig config) {
        this.config = config;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public Ruling ask(String method, String target, Map<String, String> headers) {
        AttributeContext.HttpRequest http = AttributeContext.HttpRequest.newBuilder()
                .setId("1")
                .setMethod(method)
                .setPath(target)
                .setHost(headers.getOrDefault("host", ""))
                .setScheme(headers.getOrDefault("x-forwarded-proto", "http"))
                .setProtocol("HTTP/1.1")
                .putAllHeaders(headers)
                .putHeaders(":method", method)
                .putHeaders(":path", target)
                .putHeaders(":authority", headers.getOrDefault("host", ""))
                .build();
        try {
            return ruling(method, target, check(http));
        } catch (StatusRuntimeException e) {
            return Ruling.failed(method, target, config.filter().getFailureModeAllow());
        }
    }

    /** @throws StatusRuntimeException if the check fails */
    CheckResponse check(AttributeContext.HttpRequest http) {
        CheckRequest request = CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .putAllContextExtensions(config.room())
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(http)))
                .build();
        return AuthorizationGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .check(request);
    }

    private static Ruling ruling(String method, String target, CheckResponse response) {
        if (response.getStatus().getCode() == Status.Code.OK.value()) {
            return new Ruling(
                    true,
                    false,
                    new Answer(
                            method,
                            target,
                            200,
                            headers(response.getOkResponse().getResponseHeadersToAddList()),
                            ""),
                    response.getOkResponse().getHeadersToRemoveList());
        }
        int status = response.getDeniedResponse().getStatus().getCodeValue();
        return new Ruling(
                false,
                false,
                new Answer(
                        method,
                        target,
                        status == 0 ? FORBIDDEN : status,
                        headers(response.getDeniedResponse().getHeadersList()),
                        response.getDeniedResponse().getBody()),
                List.of());
    }

    private static Map<String, List<String>> headers(List<HeaderValueOption> options) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (HeaderValueOption option : options) {
            headers.computeIfAbsent(option.getHeader().getKey(), name -> new ArrayList<>())
                    .add(option.getHeader().getValue());
        }
        return headers;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
