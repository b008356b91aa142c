package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** Checks answers against openapi.yaml. Supports the parts of JSON Schema that the document uses, and fails on others. */
final class Contract {
    private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch", "head", "options");

    /** The paths with a variable. */
    private static final Pattern EVENT = Pattern.compile("^(/waiting|/verify/[a-z]+)/[^/]+");

    private final Map<String, Object> document;

    private Contract(Map<String, Object> document) {
        this.document = document;
    }

    static Contract load() {
        try (InputStream in = Objects.requireNonNull(Contract.class.getResourceAsStream("/openapi.yaml"))) {
            return new Contract(new Yaml().load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every documented "METHOD path". */
    Set<String> operations() {
        Set<String> all = new TreeSet<>();
        map(document.get("paths"))
                .forEach((path, item) -> map(item).keySet().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        return all;
    }

    /** Every documented "METHOD path status media-type", the last only where there is a body. */
    Set<String> outcomes() {
        Set<String> all = new TreeSet<>();
        for (String operation : operations()) {
            responses(operation)
                    .forEach((status, response) -> map(resolved(response).getOrDefault("content", Map.of("", "")))
                            .keySet()
                            .forEach(type -> all.add(outcome(operation, status, type))));
        }
        return all;
    }

    static String outcome(Answer answer) {
        return outcome(operation(answer), String.valueOf(answer.status()), answer.header("Content-Type"));
    }

    private static String outcome(String operation, String status, String mediaType) {
        return (operation + " " + status + " " + mediaType).strip();
    }

    /** Fails unless the document has the answer: its status, headers, media type and every field. */
    void check(Answer answer) {
        String operation = operation(answer);
        Map<String, Object> responses = responses(operation);
        assertThat(responses).as(operation + " documents").containsKey(Integer.toString(answer.status()));
        Map<String, Object> response = resolved(responses.get(Integer.toString(answer.status())));
        map(response.getOrDefault("headers", Map.of()))
                .keySet()
                .forEach(header -> assertThat(answer.header(header))
                        .as(operation + " " + header)
                        .isNotEmpty());
        if (!response.containsKey("content")) {
            assertThat(answer.body()).as(operation).isEmpty();
            return;
        }
        Map<String, Object> content = map(response.get("content"));
        String mediaType = answer.header("Content-Type");
        assertThat(content).as(operation).containsKey(mediaType);
        if (mediaType.endsWith("json")) {
            List<Map<String, Object>> schemas = new ArrayList<>();
            flatten(map(map(content.get(mediaType)).get("schema")), schemas);
            checkObject(operation + " " + answer.status(), schemas, answer.json());
        }
    }

    static String operation(Answer answer) {
        int query = answer.path().indexOf('?');
        String path = query < 0 ? answer.path() : answer.path().substring(0, query);
        return answer.method() + " " + EVENT.matcher(path).replaceFirst("$1/{event_id}");
    }

    private Map<String, Object> responses(String operation) {
        int space = operation.indexOf(' ');
        Map<String, Object> path =
                map(map(document.get("paths")).getOrDefault(operation.substring(space + 1), Map.of()));
        String method = operation.substring(0, space).toLowerCase(Locale.ROOT);
        assertThat(path).as("what is documented for " + operation).containsKey(method);
        return map(map(path.get(method)).get("responses"));
    }

    private void flatten(Map<String, Object> schema, List<Map<String, Object>> into) {
        Map<String, Object> resolved = resolved(schema);
        if (resolved.containsKey("allOf")) {
            list(resolved.get("allOf")).forEach(part -> flatten(map(part), into));
        } else {
            into.add(resolved);
        }
    }

    private void checkObject(String where, List<Map<String, Object>> schemas, Map<String, Object> object) {
        Set<String> known = new TreeSet<>();
        for (Map<String, Object> schema : schemas) {
            Map<String, Object> properties = map(schema.getOrDefault("properties", Map.of()));
            known.addAll(properties.keySet());
            list(schema.getOrDefault("required", List.of()))
                    .forEach(name -> assertThat(object).as(where).containsKey(String.valueOf(name)));
            properties.forEach((name, property) -> {
                if (object.containsKey(name)) {
                    checkValue(where + " " + name, resolved(property), object.get(name));
                }
            });
        }
        assertThat(known).as(where + ": documented fields").containsAll(object.keySet());
    }

    private void checkValue(String where, Map<String, Object> schema, Object value) {
        String type = String.valueOf(schema.get("type"));
        switch (type) {
            case "string" -> assertThat(value).as(where).isInstanceOf(String.class);
            case "boolean" -> assertThat(value).as(where).isInstanceOf(Boolean.class);
            case "integer" -> {
                assertThat(value).as(where).isInstanceOf(Long.class);
                if (schema.get("minimum") instanceof Number minimum) {
                    assertThat((Long) value).as(where).isGreaterThanOrEqualTo(minimum.longValue());
                }
            }
            case "array" -> {
                assertThat(value).as(where).isInstanceOf(List.class);
                list(value).forEach(item -> checkValue(where, resolved(schema.get("items")), item));
            }
            case "object" -> assertThat(value).as(where).isInstanceOf(Map.class);
            default -> throw new AssertionError(where + " has a type that this test does not know: " + type);
        }
        if (schema.containsKey("enum")) {
            assertThat(list(schema.get("enum"))).as(where).contains(value);
        }
    }

    private Map<String, Object> resolved(@Nullable Object node) {
        Map<String, Object> map = map(node);
        Object ref = map.get("$ref");
        if (ref == null) {
            return map;
        }
        Map<String, Object> at = document;
        for (String step : String.valueOf(ref).substring(2).split("/", -1)) {
            at = map(at.get(step));
        }
        return resolved(at);
    }

    @SuppressWarnings("unchecked") // a YAML mapping
    private static Map<String, Object> map(@Nullable Object node) {
        return (Map<String, Object>) Objects.requireNonNull(node);
    }

    @SuppressWarnings("unchecked") // a YAML sequence
    private static List<Object> list(@Nullable Object node) {
        return (List<Object>) Objects.requireNonNull(node);
    }
}
