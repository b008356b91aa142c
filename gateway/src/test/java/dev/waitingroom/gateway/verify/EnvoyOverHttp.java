package dev.waitingroom.gateway.verify;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.TestGateway;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sends the visitor's method, and the visitor's path below the prefix. Without a list it sends Host, Content-Length, which is 0, and
 * Authorization. Takes exactly 200 for yes, and 5xx for a failure.
 */
final class EnvoyOverHttp implements Envoy {
    private static final Set<String> ALWAYS = Set.of("host", "authorization");

    private final TestGateway gateway;
    private final ExtAuthz filter = EnvoyConfig.ofHttp().filter();

    EnvoyOverHttp(TestGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public Ruling ask(String method, String target, Map<String, String> headers) {
        Set<String> sent = new HashSet<>(ALWAYS);
        filter.getAllowedHeaders().getPatternsList().stream()
                .map(StringMatcher::getExact)
                .forEach(sent::add);
        StringBuilder question = new StringBuilder(
                method + " " + filter.getHttpService().getPathPrefix() + target + " HTTP/1.1\r\ncontent-length: 0\r\n");
        headers.forEach((name, value) -> {
            if (sent.contains(name)) {
                question.append(name).append(": ").append(value).append("\r\n");
            }
        });
        question.append("connection: close\r\n\r\n"); // Envoy's stays open
        Answer answer =
                Answer.parse(method, target, gateway.raw(question.toString().getBytes(StandardCharsets.UTF_8)));
        if (answer.status() >= 500) {
            return Ruling.failed(method, target, filter.getFailureModeAllow());
        }
        if (answer.status() != 200) {
            return new Ruling(false, false, answer, List.of());
        }
        List<String> removed = new ArrayList<>();
        answer.all("x-envoy-auth-headers-to-remove")
                .forEach(list -> removed.addAll(Arrays.asList(list.split(", *", -1))));
        return new Ruling(true, false, new Answer(method, target, 200, added(answer), ""), removed);
    }

    /** The headers of a yes that reach the visitor. */
    private Map<String, List<String>> added(Answer answer) {
        Map<String, List<String>> added = new TreeMap<>(answer.headers());
        added.keySet()
                .retainAll(filter
                        .getHttpService()
                        .getAuthorizationResponse()
                        .getAllowedClientHeadersOnSuccess()
                        .getPatternsList()
                        .stream()
                        .map(StringMatcher::getExact)
                        .toList());
        return added;
    }
}
