package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.ApiGroup;
import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Distinguishes a gateway's objects from objects of others with the same name. Objects of others are never changed, used or deleted.
 *
 * @param client reads objects without our labels, which the informers do not see
 */
record Ownership(KubernetesClient client) {
    private static final String KIND = "WaitingRoomGateway";

    /**
     * Whether an object belongs to the gateway of this name. If it has a controller, the controller decides. Otherwise our labels decide: the
     * keys have no owner, and a backup may be restored without owners.
     */
    static boolean isOurs(HasMetadata object, String gateway) {
        Optional<OwnerReference> controller = object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
        if (controller.isPresent()) {
            OwnerReference owner = controller.get();
            return owner.getKind().equals(KIND)
                    && owner.getApiVersion().startsWith(ApiGroup.NAME + "/")
                    && owner.getName().equals(gateway);
        }
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null
                && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY))
                && gateway.equals(labels.get(Labels.GATEWAY));
    }

    /**
     * Checks that no object of another owner has a name that the gateway needs. To be called before anything is created, so that a gateway
     * is never created in part.
     *
     * @throws BlockedException naming the objects, and what to do
     */
    void requireFreeNames(WaitingRoomGateway gateway, List<HasMetadata> wanted, OwnedObjects known)
            throws BlockedException {
        String name = gateway.getMetadata().getName();
        var foreign = new ArrayList<HasMetadata>();
        for (HasMetadata object : wanted) {
            Optional<HasMetadata> there = known.like(object)
                    .or(() -> Optional.ofNullable(client.resource(object).get()));
            there.filter(found -> !isOurs(found, name)).ifPresent(foreign::add);
        }
        if (!foreign.isEmpty()) {
            throw namesTaken(name, foreign);
        }
    }

    private static BlockedException namesTaken(String gateway, List<HasMetadata> foreign) {
        String names = foreign.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .collect(Collectors.joining(", "));
        String copies = foreign.stream().anyMatch(object -> holdsKeys(object, gateway))
                ? " If the Secret is a copy of this gateway's keys: kubectl label secret " + GatewayNames.keys(gateway)
                        + " " + Labels.MANAGED_BY + "=" + Labels.OPERATOR + " "
                        + Labels.GATEWAY + "=" + gateway
                : "";
        return new BlockedException(
                "NameTaken",
                "Other objects have names that this gateway needs: " + names
                        + ". The operator does not touch them. Rename or delete them, or create the WaitingRoomGateway under another name."
                        + copies);
    }

    private static boolean holdsKeys(HasMetadata object, String gateway) {
        return object instanceof Secret secret
                && secret.getMetadata().getName().equals(GatewayNames.keys(gateway))
                && secret.getData() != null
                && secret.getData().containsKey(KeySecret.TICKET_FILE);
    }
}
