package dev.waitingroom.operator.route;

import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.TargetAnnotation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes a plan, as one field manager for each room. Fields of others stay, whatever happens.
 *
 * @param manager of the room
 */
record PlanApplier(RouteApi api, String manager) {
    private static final String FIELD = "f:";

    /** The result. */
    sealed interface Outcome {}

    /** The target has what it needs. */
    record Written(List<GenericKubernetesResource> objects) implements Outcome {}

    /**
     * A person must act.
     *
     * @param reason for a condition
     * @param message what to do
     */
    record Refused(String reason, String message) implements Outcome {}

    /** Writes the objects first, since the annotations name them. */
    Outcome apply(Plan plan, RouteTarget target, OwnObjects own) {
        List<GenericKubernetesResource> written = new ArrayList<>();
        for (OwnObject object : plan.objects()) {
            if (own.like(object).isEmpty() && exists(object)) {
                return new Refused(
                        "Conflicted",
                        object.id() + " exists, and its labels say that it is not of this room. Rename or delete it.");
            }
            try {
                written.add(api.apply(object.kind(), object.resource(), manager));
            } catch (KubernetesClientException e) {
                return refused(object.id(), e, "Take the field back from its other owner.");
            }
        }
        try {
            annotate(plan.annotations(), target);
        } catch (KubernetesClientException e) {
            return refused(target.id().toString(), e, advice(plan.annotations()));
        }
        return new Written(written);
    }

    /** Takes our annotations off the target. */
    void release(RouteTarget target) {
        annotate(List.of(), target);
    }

    /** Whether the target has annotations of ours. */
    boolean isAnnotated(RouteTarget target) {
        return !owned(target).isEmpty();
    }

    private boolean exists(OwnObject wanted) {
        return api.get(
                        wanted.kind(),
                        wanted.resource().getMetadata().getNamespace(),
                        wanted.resource().getMetadata().getName())
                .isPresent();
    }

    private void annotate(List<TargetAnnotation> annotations, RouteTarget target) {
        Set<String> owned = owned(target);
        Map<String, String> wanted = annotations.stream()
                .filter(annotation -> owned.contains(annotation.key())
                        || !annotation.listed()
                        || !annotation.isIn(target.annotation(annotation.key())))
                .collect(Collectors.toMap(TargetAnnotation::key, TargetAnnotation::value, (a, b) -> a, TreeMap::new));
        boolean there = wanted.entrySet().stream()
                .allMatch(entry -> target.annotation(entry.getKey()).equals(entry.getValue()));
        if (there && owned.equals(wanted.keySet())) {
            return;
        }
        var patch = new GenericKubernetesResource();
        patch.setApiVersion(target.id().kind().apiVersion());
        patch.setKind(target.id().kind().kind());
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(target.id().namespace())
                .withName(target.id().name())
                // Without the uid, the API server would create a target that was deleted meanwhile.
                .withUid(target.object().getMetadata().getUid())
                .withAnnotations(wanted)
                .build());
        var _ = api.apply(target.id().kind(), patch, manager);
    }

    /** The target's annotations that we applied. */
    private Set<String> owned(RouteTarget target) {
        return target.object().getMetadata().getManagedFields().stream()
                .filter(entry -> manager.equals(entry.getManager()))
                .flatMap(entry -> annotations(entry).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> annotations(ManagedFieldsEntry entry) {
        Object fields = entry.getFieldsV1() == null ? null : entry.getFieldsV1().getAdditionalProperties();
        return Trees.at(fields, "f:metadata", "f:annotations")
                .filter(Map.class::isInstance)
                .map(Map.class::cast)
                .map(PlanApplier::names)
                .orElse(Set.of());
    }

    private static Set<String> names(Map<?, ?> fields) {
        return fields.keySet().stream()
                .map(String::valueOf)
                .filter(key -> key.startsWith(FIELD))
                .map(key -> key.substring(FIELD.length()))
                .collect(Collectors.toSet());
    }

    private static String advice(List<TargetAnnotation> annotations) {
        return annotations.stream()
                .map(annotation -> annotation.listed()
                        ? "Add " + annotation.value() + " to the list in " + annotation.key() + "."
                        : "Remove " + annotation.key() + ", or set it to " + annotation.value() + ".")
                .collect(Collectors.joining(" "));
    }

    private static Refused refused(String what, KubernetesClientException e, String advice) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_CONFLICT ->
                new Refused("Conflicted", what + ": " + ApiErrors.message(e) + ". " + advice);
            case HttpURLConnection.HTTP_FORBIDDEN -> rights(e);
            case HttpURLConnection.HTTP_BAD_REQUEST, 422 ->
                new Refused("ObjectRefused", what + " cannot be applied: " + ApiErrors.message(e) + ".");
            default -> {
                // The API server's answer where an older CRD lacks a field.
                if (String.valueOf(e.getMessage()).contains("not declared in schema")) {
                    yield new Refused(
                            "ObjectRefused",
                            what + " cannot be applied: " + ApiErrors.message(e)
                                    + ". Install a newer release of the CRD.");
                }
                throw e;
            }
        };
    }

    /** What to do about a right that the operator lacks. */
    static Refused rights(KubernetesClientException e) {
        return new Refused(
                "RightsMissing", ApiErrors.message(e) + ". Install the operator's chart with rbac.targetRefs=true.");
    }
}
