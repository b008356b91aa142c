package dev.waitingroom.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.client.AddressHeader;
import dev.waitingroom.gateway.client.ClientLimits;
import dev.waitingroom.gateway.client.RequestLimit;
import dev.waitingroom.gateway.client.TrustedProxies;
import dev.waitingroom.gateway.client.WebOrigins;
import dev.waitingroom.queue.site.IpRange;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Malformed requests from public addresses. A test has no such address, so this calls the router without a connection. */
class JunkLimitTest {
    private static final int RATE = 2;
    private static final int BURST = RATE * RequestLimit.BURST_SECONDS / ClientRateLimiter.WRITE;
    private static final String GREEDY = "198.51.100.1";
    private static final String PROXY = "203.0.113.1";

    private final List<Integer> answers = new ArrayList<>();
    private final Router router = new Router(
            List.of(),
            new Cors(WebOrigins.NONE),
            Fallback.NONE,
            new ClientRateLimiter(
                    new ClientLimits(
                            RATE,
                            new TrustedProxies(List.of(IpRange.parse(PROXY + "/32")), AddressHeader.X_FORWARDED_FOR),
                            10,
                            10),
                    () -> 0),
            (route, method, status, nanos) -> {},
            Duration.ofSeconds(1),
            () -> false);

    @Test
    void malformedRequestIsChargedToThePeerAsAWrite() {
        for (int i = 0; i < BURST; i++) {
            sendMalformedFrom(GREEDY);
        }
        assertThat(answers).containsOnly(400);

        sendMalformedFrom(GREEDY);
        sendMalformedFrom("198.51.100.2");

        assertThat(answers.subList(BURST, answers.size())).containsExactly(429, 400);
    }

    @Test
    void malformedRequestFromATrustedProxyIsNotCharged() {
        for (int i = 0; i < 2 * BURST; i++) {
            sendMalformedFrom(PROXY);
        }

        assertThat(answers).containsOnly(400);
    }

    private void sendMalformedFrom(String address) {
        HttpServerResponse response = stub(HttpServerResponse.class, (proxy, method, arguments) -> {
            if (method.getName().equals("setStatusCode")) {
                answers.add((Integer) arguments[0]);
            }
            return switch (method.getReturnType().getSimpleName()) {
                case "Future" -> Future.succeededFuture();
                case "boolean" -> false;
                default -> proxy;
            };
        });
        HttpConnection connection = stub(
                HttpConnection.class, answering(Map.of("remoteAddress", SocketAddress.inetSocketAddress(1, address))));
        HttpServerRequest request = stub(
                HttpServerRequest.class,
                answering(Map.of(
                        "response",
                        response,
                        "connection",
                        connection,
                        "method",
                        HttpMethod.GET,
                        "headers",
                        MultiMap.caseInsensitiveMultiMap().add("X-Forwarded-For", "192.0.2.1"),
                        "decoderResult",
                        new Refused(new IllegalArgumentException()))));
        Vertx vertx = stub(Vertx.class, answering(Map.of("setTimer", 1L)));

        router.handle(request, stub(Context.class, answering(Map.of("owner", vertx))));
    }

    private static InvocationHandler answering(Map<String, Object> answers) {
        return (proxy, method, arguments) -> answers.get(method.getName());
    }

    private static <T> T stub(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }
}
