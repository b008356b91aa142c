package dev.waitingroom.dev.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A parsed path of the Kubernetes API. Namespace, name and subresource are empty if the path has none. */
record RequestPath(
        String group, String version, Optional<String> namespace, String plural, Optional<String> name, String sub) {

    /** @throws ApiException if it is not such a path */
    static RequestPath parse(String path) {
        List<String> parts = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        String root = parts.removeFirst();
        if (parts.size() < (root.equals("api") ? 2 : 3)
                || !Set.of("api", "apis").contains(root)) {
            throw ApiException.notFound(path);
        }
        String group = root.equals("api") ? "" : parts.removeFirst();
        String version = parts.removeFirst();
        Optional<String> namespace = Optional.empty();
        if (parts.size() >= 3 && parts.getFirst().equals("namespaces")) {
            namespace = Optional.of(parts.get(1));
            parts = parts.subList(2, parts.size());
        }
        return new RequestPath(
                group,
                version,
                namespace,
                parts.getFirst(),
                parts.size() > 1 ? Optional.of(parts.get(1)) : Optional.empty(),
                parts.size() > 2 ? parts.get(2) : "");
    }
}
