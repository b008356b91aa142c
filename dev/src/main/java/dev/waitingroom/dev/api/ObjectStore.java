package dev.waitingroom.dev.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a cluster. Does the work of etcd and the API server: versions, generations, finalizers, separate status, watches, and deletion
 * of objects without owner. Returns copies. Thread-safe.
 */
final class ObjectStore {
    /** The number of changes that a watch can catch up with. A watcher that is further behind must list again, as with a real API server. */
    private static final int HISTORY = 512;

    /** The part of an object that a request may change. */
    enum Part {
        ALL,
        STATUS
    }

    /**
     * A change of an object.
     *
     * @param before the object before; null if it did not exist
     * @param now the object now; the last state if it was deleted
     */
    private record Change(
            long version, ObjectKey key, @Nullable ObjectNode before, ObjectNode now, boolean gone) {
        Optional<WatchEvent> seenBy(Selector selector) {
            boolean matched = before != null && selector.matches(before);
            boolean matches = !gone && selector.matches(now);
            if (!matched && !matches) {
                return Optional.empty();
            }
            return Optional.of(new WatchEvent(matches ? matched ? "MODIFIED" : "ADDED" : "DELETED", now));
        }
    }

    /** A watch event. */
    record WatchEvent(String type, JsonNode object) {}

    /** Objects at one version of the store. */
    record Listing(List<ObjectNode> items, long version) {}

    private final InstantSource clock;
    private final Map<ObjectKey, ObjectNode> objects = new TreeMap<>(Comparator.comparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name)
            .thenComparing(key -> key.type().plural())
            .thenComparing(key -> key.type().group()));
    private final Map<String, Map<String, ObjectNode>> applied = new HashMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private long version;

    ObjectStore(InstantSource clock) {
        this.clock = clock;
    }

    /** @throws ApiException if there is none */
    synchronized ObjectNode get(ObjectKey key) {
        return there(key).deepCopy();
    }

    synchronized Listing list(ResourceType type, Optional<String> namespace, Selector selector) {
        List<ObjectNode> items = objects.entrySet().stream()
                .filter(entry -> entry.getKey().type().equals(type))
                .filter(entry -> namespace.isEmpty()
                        || namespace.get().equals(entry.getKey().namespace()))
                .map(Map.Entry::getValue)
                .filter(selector::matches)
                .map(ObjectNode::deepCopy)
                .toList();
        return new Listing(items, version);
    }

    /** @throws ApiException if the object exists */
    synchronized ObjectNode create(ObjectKey key, ObjectNode object) {
        if (objects.containsKey(key)) {
            throw ApiException.alreadyExists(key);
        }
        ObjectNode made = object.deepCopy();
        ObjectNode metadata = made.withObjectProperty("metadata");
        metadata.put("name", key.name());
        if (key.type().namespaced()) {
            metadata.put("namespace", key.namespace());
        }
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", now());
        metadata.put("generation", 1);
        if (!key.type().definesTypes()) {
            made.remove("status");
        }
        store(key, null, made);
        return made.deepCopy();
    }

    /**
     * Changes an object atomically. An empty change does nothing.
     *
     * @param part the part that the change may touch; other changes are ignored, as the real API does
     * @throws ApiException if the object does not exist, or the change names an older version
     */
    synchronized ObjectNode change(ObjectKey key, Part part, UnaryOperator<ObjectNode> change) {
        ObjectNode before = there(key);
        ObjectNode wanted = change.apply(before.deepCopy());
        ObjectNode metadata = (ObjectNode) before.path("metadata");
        JsonNode named = wanted.path("metadata").path("resourceVersion");
        if (named.isTextual() && !named.equals(metadata.path("resourceVersion"))) {
            throw ApiException.conflict(key);
        }
        ObjectNode after = part == Part.STATUS ? before.deepCopy() : wanted.deepCopy();
        take("status", part == Part.STATUS ? wanted : before, after);
        ObjectNode kept = after.withObjectProperty("metadata");
        for (String field : List.of("name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion")) {
            take(field, metadata, kept);
        }
        take("deletionTimestamp", metadata, kept);
        if (after.equals(before)) {
            return before.deepCopy();
        }
        if (part == Part.ALL && !spec(before).equals(spec(after))) {
            kept.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (kept.has("deletionTimestamp") && kept.path("finalizers").isEmpty()) {
            remove(key, after);
        } else {
            store(key, before, after);
        }
        return after.deepCopy();
    }

    /** Creates or changes an object by {@link ServerSideApply}. {@code check} may refuse the result, or apply defaults to it. */
    synchronized ObjectNode apply(ObjectKey key, ObjectNode wanted, String manager, UnaryOperator<ObjectNode> check) {
        ObjectNode mine = wanted.deepCopy();
        mine.remove("status");
        ObjectNode there = objects.get(key);
        ObjectNode result;
        if (there == null) {
            result = create(key, check.apply(mine.deepCopy()));
        } else {
            Map<String, ObjectNode> managers = applied.getOrDefault(uid(there), Map.of());
            ObjectNode last = managers.getOrDefault(manager, mine.objectNode());
            List<ObjectNode> others = managers.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(manager))
                    .map(Map.Entry::getValue)
                    .toList();
            result = change(key, Part.ALL, before -> check.apply(ServerSideApply.apply(before, mine, last, others)));
        }
        applied.computeIfAbsent(uid(result), uid -> new HashMap<>()).put(manager, mine);
        return result;
    }

    /** Marks the object for deletion if it has finalizers. Otherwise removes it. */
    synchronized ObjectNode delete(ObjectKey key) {
        ObjectNode before = there(key);
        if (before.at("/metadata/finalizers").isEmpty()) {
            remove(key, before);
            return before.deepCopy();
        }
        if (!before.at("/metadata").has("deletionTimestamp")) {
            ObjectNode after = before.deepCopy();
            after.withObjectProperty("metadata").put("deletionTimestamp", now());
            store(key, before, after);
        }
        return get(key);
    }

    /**
     * The changes after a version. Waits for the first one, for a limited time.
     *
     * @return events, and the version to continue from
     * @throws ApiException if the version is too old
     */
    synchronized Watched watch(
            ResourceType type, Optional<String> namespace, Selector selector, long after, long patienceMillis)
            throws InterruptedException {
        if (after < version && (history.isEmpty() || history.getFirst().version() > after + 1)) {
            throw ApiException.expired("too old resource version: " + after);
        }
        long end = clock.millis() + patienceMillis;
        while (after >= version && clock.millis() < end) {
            wait(Math.max(1, end - clock.millis()));
        }
        List<WatchEvent> events = new ArrayList<>();
        for (Change change : history) {
            if (change.version() > after
                    && change.key().type().equals(type)
                    && (namespace.isEmpty()
                            || namespace.get().equals(change.key().namespace()))) {
                change.seenBy(selector).ifPresent(events::add);
            }
        }
        return new Watched(events, version);
    }

    record Watched(List<WatchEvent> events, long version) {}

    private ObjectNode there(ObjectKey key) {
        ObjectNode object = objects.get(key);
        if (object == null) {
            throw ApiException.notFound(key.toString());
        }
        return object;
    }

    private void store(ObjectKey key, @Nullable ObjectNode before, ObjectNode after) {
        version++;
        after.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
        objects.put(key, after);
        remember(new Change(version, key, before, after.deepCopy(), false));
    }

    private void remove(ObjectKey key, ObjectNode last) {
        ObjectNode before = objects.remove(key);
        version++;
        ObjectNode gone = last.deepCopy();
        gone.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
        remember(new Change(version, key, before, gone, true));
        applied.remove(uid(gone));
        collect(uid(gone));
    }

    /** Also removes the objects that only this object owned. */
    private void collect(String owner) {
        for (ObjectKey key : List.copyOf(objects.keySet())) {
            ObjectNode object = objects.get(key);
            if (object != null) {
                JsonNode owners = object.at("/metadata/ownerReferences");
                boolean owned = false;
                boolean others = false;
                for (JsonNode reference : owners) {
                    boolean it = reference.path("uid").asText().equals(owner);
                    owned |= it;
                    others |= !it;
                }
                if (owned && !others) {
                    delete(key);
                }
            }
        }
    }

    private void remember(Change change) {
        history.addLast(change);
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
        notifyAll();
    }

    private static void take(String field, ObjectNode from, ObjectNode to) {
        if (from.has(field)) {
            to.set(field, from.path(field).deepCopy());
        } else {
            to.remove(field);
        }
    }

    private static ObjectNode spec(ObjectNode object) {
        return object.deepCopy().without(List.of("metadata", "status"));
    }

    private static String uid(ObjectNode object) {
        return object.at("/metadata/uid").asText();
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
