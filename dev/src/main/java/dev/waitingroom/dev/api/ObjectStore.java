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
 * The objects of a cluster, with what etcd and the API server do to each: versions, generations, finalizers, status apart from spec,
 * watches, and the collection of what lost its owner. Thread-safe; objects that it gives away are copies.
 */
final class ObjectStore {
    /** Changes that a watch can go on from. A watcher that is further behind lists anew, as with a real API server. */
    private static final int HISTORY = 512;

    /** Which part of an object a request is about. */
    enum Part {
        ALL,
        STATUS
    }

    /**
     * Something happened to an object.
     *
     * @param before as it was; null if it was not there
     * @param now as it is, or as it was last
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

    /** What a watcher is told. */
    record WatchEvent(String type, JsonNode object) {}

    /** Objects at one version of the whole store. */
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

    /** @throws ApiException if it is there already */
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
     * Changes an object, atomically. Nothing happens where the change changes nothing.
     *
     * @param part what the change may touch; what it does elsewhere is ignored, as the API does
     * @throws ApiException if there is none, or the changed object names a version that is no longer the object's
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

    /** Creates or changes by {@link ServerSideApply}; {@code check} may refuse what the object would become, or complete it. */
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

    /** Marks it for deletion where finalizers hold it, removes it where none does. */
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
     * What happened to objects after a version; waits for it, some time at most.
     *
     * @return events, and the version to go on from
     * @throws ApiException if the version is too old to know
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

    /** What only this one owned goes with it. */
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
