package dev.waitingroom.servlet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** Does what a controller does with an Ingress: the longest prefix of the path says to which Service a request goes. */
final class Ingress implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final List<Rule> rules;
    private final HttpServer server;

    private record Rule(String prefix, int port) {
        boolean matches(String path) {
            String below = prefix.endsWith("/") ? prefix : prefix + "/";
            return path.startsWith(below) || (path + "/").equals(below);
        }
    }

    /**
     * Starts it on a free port.
     *
     * @param yaml of the Ingress
     * @param services ports of 127.0.0.1 by the names of Services
     */
    Ingress(String yaml, Map<String, Integer> services) {
        Object rule =
                list(map(map(new Yaml().load(yaml)).get("spec")).get("rules")).getFirst();
        rules = list(map(map(rule).get("http")).get("paths")).stream()
                .map(Ingress::map)
                .map(path -> new Rule(text(path, "path"), port(path, services)))
                .sorted(Comparator.comparingInt((Rule one) -> one.prefix().length())
                        .reversed())
                .toList();
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient())
                .origin(OriginRequestProvider.selector(context ->
                        Future.succeededFuture(target(context.request().getURI()))));
        server = vertx.createHttpServer()
                .requestHandler(proxy)
                .listen(0, LOOPBACK)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String url() {
        return "http://" + LOOPBACK + ":" + server.actualPort();
    }

    private SocketAddress target(String uri) {
        String path = uri.contains("?") ? uri.substring(0, uri.indexOf('?')) : uri;
        Rule rule = rules.stream().filter(one -> one.matches(path)).findFirst().orElseThrow();
        return SocketAddress.inetSocketAddress(rule.port(), LOOPBACK);
    }

    private static int port(Map<String, Object> path, Map<String, Integer> services) {
        String name = text(map(map(path.get("backend")).get("service")), "name");
        return Objects.requireNonNull(services.get(name), "the Ingress names another Service: " + name);
    }

    private static String text(Map<String, Object> object, String name) {
        return String.valueOf(Objects.requireNonNull(object.get(name), name));
    }

    @SuppressWarnings("unchecked") // a YAML mapping
    static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }

    @SuppressWarnings("unchecked") // a YAML sequence
    private static List<Object> list(@Nullable Object node) {
        return (List<Object>) Objects.requireNonNull(node);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
