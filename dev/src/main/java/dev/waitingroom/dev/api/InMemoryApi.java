package dev.waitingroom.dev.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.waitingroom.dev.api.ObjectStore.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API on a port of 127.0.0.1. It supports get, list, watch, create, update, patch, delete and status, the subset of server-side
 * apply in {@link ServerSideApply}, and CustomResourceDefinitions with their schemas. It does not support scale, CEL rules, admission, defaults
 * of built-in types, RBAC, controllers, websockets and tables. The e2e tests cover these.
 */
public final class InMemoryApi implements AutoCloseable {
    private static final int WATCH_BREATH_MILLIS = 500;

    /** Often enough that a watch whose client is gone ends soon: only a write finds out. */
    private static final Duration BOOKMARK_INTERVAL = Duration.ofSeconds(5);

    /** At most; the real API server ends a watch that names no time after half an hour to an hour. */
    private static final long WATCH_SECONDS = 1_800;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private final ObjectStore store = new ObjectStore(InstantSource.system());
    private final List<ResourceType> types = new CopyOnWriteArrayList<>(ResourceType.BUILT_IN);
    private final Map<ResourceType, Schema> schemas = new ConcurrentHashMap<>();
    private final HttpServer server;
    /** Platform threads: a watch waits in a monitor for minutes, and was seen to keep both carriers of a machine with two cores. */
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("api-", 0).factory());

    private volatile boolean closed;

    private InMemoryApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts an API without objects. */
    public static InMemoryApi start() {
        try {
            return new InMemoryApi();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The master URL for a client's configuration. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                var request = new Request(exchange);
                if (request.isWatch()) {
                    watch(request, exchange);
                } else {
                    answer(exchange, request.isCreate() ? 201 : 200, serve(request));
                }
            } catch (ApiException e) {
                answer(exchange, e.code(), status(e));
            } catch (JsonProcessingException e) {
                answer(exchange, 400, status(ApiException.badRequest(e.getOriginalMessage())));
            }
        }
    }

    private JsonNode serve(Request request) throws IOException {
        RequestPath path = request.path;
        ResourceType type = request.type;
        if (path.name().isEmpty()) {
            return switch (request.method) {
                case "GET" -> list(request);
                case "POST" -> create(request);
                case "DELETE" -> deleteAll(request);
                default -> throw ApiException.badRequest(request.method + " is not supported on lists");
            };
        }
        ObjectKey key = key(type, path.namespace().orElse(""), path.name().get());
        Part part = switch (path.sub()) {
            case "" -> Part.ALL;
            case "status" -> Part.STATUS;
            default -> throw ApiException.notFound("subresource " + path.sub());
        };
        return switch (request.method) {
            case "GET" -> store.get(key);
            case "PUT" -> {
                ObjectNode object = request.object();
                yield store.change(key, part, before -> checked(key, object, request));
            }
            case "PATCH" -> patch(key, part, request);
            case "DELETE" -> store.delete(key);
            default -> throw ApiException.badRequest(request.method + " is not supported");
        };
    }

    private JsonNode list(Request request) {
        ObjectStore.Listing listing = store.list(request.type, request.path.namespace(), request.selector());
        ObjectNode list = JSON.createObjectNode()
                .put("apiVersion", request.type.apiVersion())
                .put("kind", request.type.kind() + "List");
        list.putObject("metadata").put("resourceVersion", Long.toString(listing.version()));
        list.putArray("items").addAll(listing.items());
        return list;
    }

    private JsonNode deleteAll(Request request) {
        JsonNode list = list(request);
        for (JsonNode object : list.path("items")) {
            JsonNode metadata = object.path("metadata");
            store.delete(key(
                    request.type,
                    metadata.path("namespace").asText(),
                    metadata.path("name").asText()));
        }
        return list;
    }

    private JsonNode create(Request request) throws IOException {
        ObjectNode object = request.object();
        String name = name(object);
        ObjectKey key = key(request.type, request.path.namespace().orElse(""), name);
        return defined(store.create(key, checked(key, object, request)), key);
    }

    private static String name(ObjectNode object) {
        String name = object.at("/metadata/name").asText();
        String prefix = object.at("/metadata/generateName").asText();
        if (name.isEmpty() && prefix.isEmpty()) {
            throw ApiException.badRequest("metadata.name must be set");
        }
        return name.isEmpty() ? prefix + UUID.randomUUID() : name;
    }

    private JsonNode patch(ObjectKey key, Part part, Request request) throws IOException {
        String mediaType = request.mediaType();
        return switch (mediaType) {
            case "application/apply-patch+yaml" -> apply(key, part, request);
            case "application/merge-patch+json" -> {
                JsonNode patch = request.body();
                yield store.change(key, part, before -> checked(key, Patches.merge(before, patch), request));
            }
            case "application/json-patch+json" -> {
                JsonNode patch = request.body();
                yield store.change(key, part, before -> checked(key, Patches.json(key, before, patch), request));
            }
            default -> throw ApiException.unsupported(mediaType);
        };
    }

    private JsonNode apply(ObjectKey key, Part part, Request request) throws IOException {
        if (part == Part.STATUS) {
            throw ApiException.badRequest("server-side apply to a status is not supported");
        }
        ObjectNode wanted = request.object();
        String manager = request.parameter("fieldManager")
                .orElseThrow(() -> ApiException.badRequest("fieldManager is required for apply patch"));
        return defined(store.apply(key, wanted, manager, object -> checked(key, object, request)), key);
    }

    /** Applies the defaults of the type's schema, and validates the object. */
    private ObjectNode checked(ObjectKey key, ObjectNode object, Request request) {
        Schema schema = schemas.get(key.type());
        if (schema != null) {
            if (request.parameter("fieldValidation").filter("Strict"::equals).isPresent()) {
                schema.checkFields(key, object);
            }
            schema.fillIn(object);
            schema.check(key, object);
        }
        return object;
    }

    private JsonNode defined(ObjectNode object, ObjectKey key) {
        if (key.type().definesTypes()) {
            JsonNode spec = object.path("spec");
            for (JsonNode version : spec.path("versions")) {
                var type = new ResourceType(
                        spec.path("group").asText(),
                        version.path("name").asText(),
                        spec.at("/names/plural").asText(),
                        spec.at("/names/kind").asText(),
                        spec.path("scope").asText().equals("Namespaced"));
                schemas.put(type, new Schema(version.at("/schema/openAPIV3Schema")));
                if (!types.contains(type)) {
                    types.add(type);
                }
            }
        }
        return object;
    }

    /** Sends events as lines, until its time is over, the client goes or this closes. */
    private void watch(Request request, HttpExchange exchange) throws IOException {
        Optional<String> namespace = request.path.namespace();
        Selector selector = request.selector();
        Optional<Long> from = request.number("resourceVersion");
        var listing = store.list(request.type, namespace, selector);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        if (from.isEmpty()) {
            for (ObjectNode object : listing.items()) {
                send(out, "ADDED", object);
            }
        }
        long version = from.orElse(listing.version());
        long seconds = Math.min(WATCH_SECONDS, request.number("timeoutSeconds").orElse(WATCH_SECONDS));
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        boolean bookmarks = request.flag("allowWatchBookmarks");
        long bookmarkDue = System.nanoTime() + BOOKMARK_INTERVAL.toNanos();
        try {
            while (!closed && System.nanoTime() - end < 0) {
                ObjectStore.Watched watched =
                        store.watch(request.type, namespace, selector, version, WATCH_BREATH_MILLIS);
                for (var event : watched.events()) {
                    send(out, event.type(), event.object());
                }
                version = watched.version();
                if (bookmarks && System.nanoTime() - bookmarkDue >= 0) {
                    send(out, "BOOKMARK", bookmark(request.type, version));
                    bookmarkDue = System.nanoTime() + BOOKMARK_INTERVAL.toNanos();
                }
            }
        } catch (ApiException e) {
            send(out, "ERROR", status(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode bookmark(ResourceType type, long version) {
        ObjectNode object =
                JSON.createObjectNode().put("apiVersion", type.apiVersion()).put("kind", type.kind());
        object.putObject("metadata").put("resourceVersion", Long.toString(version));
        return object;
    }

    private static void send(OutputStream out, String type, JsonNode object) throws IOException {
        ObjectNode event = JSON.createObjectNode().put("type", type);
        event.set("object", object);
        out.write(JSON.writeValueAsBytes(event));
        out.write('\n');
        out.flush();
    }

    private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static JsonNode status(ApiException refusal) {
        return JSON.createObjectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Failure")
                .put("code", refusal.code())
                .put("reason", refusal.reason())
                .put("message", String.valueOf(refusal.getMessage()));
    }

    private static ObjectKey key(ResourceType type, String namespace, String name) {
        return new ObjectKey(type, namespace, name);
    }

    /** A request and its target. */
    private final class Request {
        private final String method;
        private final RequestPath path;
        private final ResourceType type;
        private final Map<String, String> parameters = new HashMap<>();
        private final HttpExchange exchange;

        Request(HttpExchange exchange) {
            this.exchange = exchange;
            method = exchange.getRequestMethod();
            path = RequestPath.parse(exchange.getRequestURI().getPath());
            type = types.stream()
                    .filter(known -> known.group().equals(path.group())
                            && known.version().equals(path.version())
                            && known.plural().equals(path.plural()))
                    .findFirst()
                    .orElseThrow(
                            () -> ApiException.notFound(exchange.getRequestURI().getPath()));
            String query = exchange.getRequestURI().getRawQuery();
            if (query != null) {
                for (String pair : query.split("&", -1)) {
                    String[] sides = pair.split("=", 2);
                    parameters.put(decoded(sides[0]), sides.length == 1 ? "" : decoded(sides[1]));
                }
            }
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        boolean isWatch() {
            return method.equals("GET") && path.name().isEmpty() && flag("watch");
        }

        boolean isCreate() {
            return method.equals("POST");
        }

        Optional<String> parameter(String name) {
            return Optional.ofNullable(parameters.get(name));
        }

        boolean flag(String name) {
            return parameter(name).filter(value -> !value.equals("false")).isPresent();
        }

        /** Empty where it is not a number above 0. */
        Optional<Long> number(String name) {
            return parameter(name)
                    .filter(value -> value.matches("[1-9][0-9]{0,17}"))
                    .map(Long::parseLong);
        }

        Selector selector() {
            return Selector.parse(parameter("labelSelector"), parameter("fieldSelector"));
        }

        String mediaType() {
            return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                    .map(value -> value.split(";", -1)[0].strip())
                    .orElse("application/json");
        }

        JsonNode body() throws IOException {
            try (InputStream in = exchange.getRequestBody()) {
                return (mediaType().endsWith("yaml") ? YAML : JSON).readTree(in);
            }
        }

        ObjectNode object() throws IOException {
            if (body() instanceof ObjectNode object) {
                return object;
            }
            throw ApiException.badRequest("the body must be an object");
        }
    }
}
