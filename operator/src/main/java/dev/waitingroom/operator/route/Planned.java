package dev.waitingroom.operator.route;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a target needs to ask the room, or why it cannot. */
sealed interface Planned {
    /**
     * The controller cannot do it.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Refusal(String reason, String message) implements Planned {}

    /**
     * What to write.
     *
     * @param objects of our own
     * @param annotations to be set on the target
     * @param filters that each rule of an HTTPRoute needs. Its rules are one field, which has an owner: the owner adds them
     * @param notes what a person must know besides
     */
    record Plan(
            List<OwnObject> objects,
            List<TargetAnnotation> annotations,
            List<Map<String, Object>> filters,
            List<String> notes)
            implements Planned {
        static final Plan NOTHING = new Plan(List.of(), List.of(), List.of(), List.of());

        public Plan {
            objects = List.copyOf(objects);
            annotations = List.copyOf(annotations);
            filters = List.copyOf(filters);
            notes = List.copyOf(notes);
        }

        /** Some objects. */
        static Plan of(OwnObject... objects) {
            return new Plan(List.of(objects), List.of(), List.of(), List.of());
        }

        Plan with(TargetAnnotation... more) {
            return new Plan(objects, join(annotations, List.of(more)), filters, notes);
        }

        Plan withFilter(Map<String, Object> filter) {
            return new Plan(objects, annotations, join(filters, List.of(filter)), notes);
        }

        Plan withNote(String note) {
            return new Plan(objects, annotations, filters, join(notes, List.of(note)));
        }

        Plan and(Plan other) {
            return new Plan(
                    join(objects, other.objects),
                    join(annotations, other.annotations),
                    join(filters, other.filters),
                    join(notes, other.notes));
        }

        private static <T> List<T> join(List<T> one, List<T> other) {
            return new ArrayList<>(
                    Stream.concat(one.stream(), other.stream()).distinct().toList());
        }
    }

    /** An object that only we write. */
    record OwnObject(ApiKind kind, GenericKubernetesResource resource) {
        /** An object with a spec. */
        static OwnObject of(
                ApiKind kind, String namespace, RouteCheck check, TargetId target, Map<String, Object> spec) {
            var resource = new GenericKubernetesResource();
            resource.setApiVersion(kind.apiVersion());
            resource.setKind(kind.kind());
            resource.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(RouteNames.object(check, target))
                    .withLabels(RouteNames.labels(check.namespace(), check.room()))
                    .build());
            resource.setAdditionalProperty("spec", spec);
            return new OwnObject(kind, resource);
        }

        /** For a person: SecurityPolicy web/concert-1f2e3d4c. */
        String id() {
            return kind.kind() + " " + resource.getMetadata().getNamespace() + "/"
                    + resource.getMetadata().getName();
        }
    }

    /**
     * An annotation of the target.
     *
     * @param listed whether the value is a list by commas, to which an owner may add ours
     */
    record TargetAnnotation(String key, String value, boolean listed) {
        /** Whether this value of another owner says the same. */
        boolean isIn(String there) {
            return listed
                    ? Stream.of(there.split(",", -1)).map(String::strip).anyMatch(value::equals)
                    : there.equals(value);
        }
    }
}
