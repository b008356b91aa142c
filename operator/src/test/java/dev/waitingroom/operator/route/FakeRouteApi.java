package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Objects in memory. An annotation has the managers that applied it. Everything else of an object belongs to whoever applied it last, which
 * is enough where one manager writes whole objects.
 */
final class FakeRouteApi implements RouteApi {
    private record Key(ApiKind kind, String namespace, String name) {}

    final Set<ApiKind> installed = EnumSet.allOf(ApiKind.class);
    final Set<ApiKind> forbidden = EnumSet.noneOf(ApiKind.class);
    final Set<ApiKind> broken = EnumSet.noneOf(ApiKind.class);
    final List<String> writes = new ArrayList<>();
    private final Map<Key, GenericKubernetesResource> objects = new LinkedHashMap<>();
    private final Map<Key, Map<String, Set<String>>> annotationOwners = new LinkedHashMap<>();
    private long uids;

    /** What a person applies. */
    void put(String yaml) {
        for (String document : yaml.split("---\n", -1)) {
            var object = Serialization.unmarshal(document, GenericKubernetesResource.class);
            Key key = key(kind(object), object);
            object.getMetadata().setUid(key + "-" + uids++);
            object.getMetadata().setGeneration(1L);
            objects.put(key, object);
            Map<String, Set<String>> owners = new TreeMap<>();
            annotations(object).keySet().forEach(name -> owners.put(name, new HashSet<>(Set.of("person"))));
            annotationOwners.put(key, owners);
        }
    }

    void remove(ApiKind kind, String namespace, String name) {
        objects.remove(new Key(kind, namespace, name));
    }

    Map<String, String> annotations(ApiKind kind, String namespace, String name) {
        return annotations(Objects.requireNonNull(objects.get(new Key(kind, namespace, name))));
    }

    List<GenericKubernetesResource> all(ApiKind kind) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind == kind)
                .map(Map.Entry::getValue)
                .toList();
    }

    @Override
    public boolean isInstalled(ApiKind kind) {
        return installed.contains(kind);
    }

    @Override
    public Optional<GenericKubernetesResource> get(ApiKind kind, String namespace, String name) {
        requireRights(kind);
        return Optional.ofNullable(objects.get(new Key(kind, namespace, name))).map(FakeRouteApi::copy);
    }

    @Override
    public List<GenericKubernetesResource> list(ApiKind kind, String namespace, Map<String, String> labels) {
        requireRights(kind);
        return all(kind).stream()
                .filter(object -> namespace.equals(object.getMetadata().getNamespace()))
                .filter(object -> labels(object).entrySet().containsAll(labels.entrySet()))
                .map(FakeRouteApi::copy)
                .toList();
    }

    @Override
    public List<GenericKubernetesResource> list(ApiKind kind) {
        requireRights(kind);
        return all(kind);
    }

    @Override
    public GenericKubernetesResource apply(ApiKind kind, GenericKubernetesResource wanted, String manager) {
        requireRights(kind);
        Key key = key(kind, wanted);
        GenericKubernetesResource there = objects.get(key);
        String uid = wanted.getMetadata().getUid();
        if (uid != null && (there == null || !there.getMetadata().getUid().equals(uid))) {
            throw error(409, "uid mismatch");
        }
        writes.add("apply " + kind.kind());
        if (there == null) {
            GenericKubernetesResource created = copy(wanted);
            created.getMetadata().setUid(key + "-" + uids++);
            created.getMetadata().setGeneration(1L);
            objects.put(key, created);
            annotationOwners.put(key, new TreeMap<>());
            return created;
        }
        wanted.getAdditionalProperties().forEach(there::setAdditionalProperty);
        applyAnnotations(
                there, annotations(wanted), annotationOwners.computeIfAbsent(key, ignored -> new TreeMap<>()), manager);
        return copy(there);
    }

    private static void applyAnnotations(
            GenericKubernetesResource there,
            Map<String, String> wanted,
            Map<String, Set<String>> owners,
            String manager) {
        Map<String, String> annotations = new TreeMap<>(annotations(there));
        wanted.forEach((name, value) -> {
            Set<String> others = new HashSet<>(owners.getOrDefault(name, Set.of()));
            others.remove(manager);
            if (!others.isEmpty() && !value.equals(annotations.get(name))) {
                throw error(409, "conflict with \"" + others.iterator().next() + "\": .metadata.annotations." + name);
            }
        });
        owners.forEach((name, managers) -> {
            if (managers.remove(manager) && managers.isEmpty() && !wanted.containsKey(name)) {
                annotations.remove(name);
            }
        });
        annotations.putAll(wanted);
        wanted.keySet()
                .forEach(name ->
                        owners.computeIfAbsent(name, ignored -> new HashSet<>()).add(manager));
        owners.values().removeIf(Set::isEmpty);
        there.getMetadata().setAnnotations(annotations);
        there.getMetadata().setManagedFields(managed(owners));
    }

    private static List<ManagedFieldsEntry> managed(Map<String, Set<String>> owners) {
        Set<String> managers = owners.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        return managers.stream()
                .map(manager -> {
                    Map<String, Object> names = new TreeMap<>();
                    owners.forEach((name, of) -> {
                        if (of.contains(manager)) {
                            names.put("f:" + name, Map.of());
                        }
                    });
                    var fields = new FieldsV1();
                    fields.setAdditionalProperty("f:metadata", Map.of("f:annotations", names));
                    var entry = new ManagedFieldsEntry();
                    entry.setManager(manager);
                    entry.setFieldsV1(fields);
                    return entry;
                })
                .toList();
    }

    @Override
    public void delete(ApiKind kind, GenericKubernetesResource object) {
        requireRights(kind);
        writes.add("delete " + kind.kind());
        objects.remove(key(kind, object));
    }

    private void requireRights(ApiKind kind) {
        if (forbidden.contains(kind)) {
            throw error(403, kind.plural() + " is forbidden");
        }
        if (broken.contains(kind)) {
            throw error(500, kind.plural() + " is broken");
        }
    }

    private static KubernetesClientException error(int code, String message) {
        return new KubernetesClientException(message, code, null);
    }

    private static ApiKind kind(GenericKubernetesResource object) {
        return Arrays.stream(ApiKind.values())
                .filter(kind -> kind.kind().equals(object.getKind()))
                .findFirst()
                .orElseThrow();
    }

    private static Key key(ApiKind kind, GenericKubernetesResource object) {
        return new Key(
                kind,
                Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
                object.getMetadata().getName());
    }

    private static Map<String, String> annotations(GenericKubernetesResource object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }

    private static Map<String, String> labels(GenericKubernetesResource object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }

    private static GenericKubernetesResource copy(GenericKubernetesResource object) {
        return Serialization.clone(object);
    }
}
