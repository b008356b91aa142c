package dev.waitingroom.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A path and the endpoints of its methods. GET includes HEAD. OPTIONS answers 204 unless it has an endpoint. One segment of the path may be
 * a variable: <code>/waiting/{event_id}</code>. A route may also have all paths below its path, and all methods.
 */
public final class Route {
    private final String path;
    private final Map<HttpMethod, Endpoint> endpoints;
    private final String allow;
    private final boolean tree;

    private Route(String path, Map<HttpMethod, Endpoint> endpoints) {
        this(path, endpoints, false);
    }

    private Route(String path, Map<HttpMethod, Endpoint> endpoints, boolean tree) {
        this.tree = tree;
        this.path = path;
        this.endpoints = endpoints;
        this.allow = Stream.concat(endpoints.keySet().stream(), Stream.of(HttpMethod.OPTIONS))
                .distinct()
                .map(HttpMethod::name)
                .collect(Collectors.joining(", "));
    }

    public static Route get(String path, Endpoint endpoint) {
        Map<HttpMethod, Endpoint> endpoints = new LinkedHashMap<>();
        endpoints.put(HttpMethod.GET, endpoint);
        endpoints.put(HttpMethod.HEAD, endpoint);
        return new Route(path, endpoints);
    }

    /** Answers OPTIONS like GET, for load balancers that check by OPTIONS. */
    public static Route getOrOptions(String path, Endpoint endpoint) {
        Map<HttpMethod, Endpoint> endpoints = new LinkedHashMap<>();
        endpoints.put(HttpMethod.GET, endpoint);
        endpoints.put(HttpMethod.HEAD, endpoint);
        endpoints.put(HttpMethod.OPTIONS, endpoint);
        return new Route(path, endpoints);
    }

    public static Route getOrPost(String path, Endpoint get, Endpoint post) {
        Map<HttpMethod, Endpoint> endpoints = new LinkedHashMap<>();
        endpoints.put(HttpMethod.GET, get);
        endpoints.put(HttpMethod.HEAD, get);
        endpoints.put(HttpMethod.POST, post);
        return new Route(path, endpoints);
    }

    public static Route post(String path, Endpoint endpoint) {
        return new Route(path, Map.of(HttpMethod.POST, endpoint));
    }

    public static Route delete(String path, Endpoint endpoint) {
        return new Route(path, Map.of(HttpMethod.DELETE, endpoint));
    }

    public static Route postOrDelete(String path, Endpoint endpoint) {
        Map<HttpMethod, Endpoint> endpoints = new LinkedHashMap<>();
        endpoints.put(HttpMethod.POST, endpoint);
        endpoints.put(HttpMethod.DELETE, endpoint);
        return new Route(path, endpoints);
    }

    /**
     * Answers requests that a proxy passes on for its own purposes: of any method, for the path and all below it. No limit counts them,
     * and preconditions, preflights and wrong tokens are not this server's business.
     *
     * @param path ends with a variable
     */
    public static Route tree(String path, Endpoint endpoint) {
        return new Route(path, Map.of(HttpMethod.GET, endpoint), true);
    }

    boolean isTree() {
        return tree;
    }

    public String path() {
        return path;
    }

    /** The methods, for the Allow header. */
    public String allow() {
        return allow;
    }

    /** Empty if the method is not allowed. */
    Optional<Endpoint> endpoint(HttpMethod method) {
        return Optional.ofNullable(endpoints.get(tree ? HttpMethod.GET : method));
    }
}
