package dev.waitingroom.operator.route;

import dev.waitingroom.api.v1alpha1.ApiGroup;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** Whether a ReferenceGrant lets a room refer to a target in another namespace. Pure. */
final class Grants {
    private static final String ROOM = new WaitingRoom().getKind();

    private Grants() {}

    /** @param grants of the target's namespace */
    static boolean permit(List<GenericKubernetesResource> grants, String roomNamespace, TargetId target) {
        return grants.stream()
                .map(GenericKubernetesResource::getAdditionalProperties)
                .anyMatch(grant ->
                        Trees.list(grant, "spec", "from").stream().anyMatch(from -> isRoom(from, roomNamespace))
                                && Trees.list(grant, "spec", "to").stream().anyMatch(to -> isTarget(to, target)));
    }

    private static boolean isRoom(Object from, String namespace) {
        return has(from, "group", ApiGroup.NAME) && has(from, "kind", ROOM) && has(from, "namespace", namespace);
    }

    private static boolean isTarget(Object to, TargetId target) {
        return has(to, "group", target.kind().group())
                && has(to, "kind", target.kind().kind())
                && Trees.text(to, "name").orElse(target.name()).equals(target.name());
    }

    private static boolean has(Object tree, String field, String value) {
        return Trees.text(tree, field).filter(value::equals).isPresent();
    }
}
