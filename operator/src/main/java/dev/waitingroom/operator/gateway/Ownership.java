package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.ApiGroup;
import dev.waitingroom.operator.redis.RedisResolution.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells a gateway's objects from those of others that only have the same name. Objects of others are never changed, used or deleted.
 *
 * @param client reads what the informers do not hold: they hold labelled objects only
 */
record Ownership(KubernetesClient client) {
    private static final String KIND = "WaitingRoomGateway";

    /**
     * Whether an object belongs to the gateway of this name. The controller decides where there is one. Without one our labels do: the
     * keys have no owner, and a backup may have been restored without owners.
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
                && GatewayNames.OPERATOR.equals(labels.get(GatewayNames.MANAGED_BY_LABEL))
                && gateway.equals(labels.get(GatewayNames.GATEWAY_LABEL));
    }

    /**
     * Finds the objects of others that have the names of wanted ones.
     *
     * @param known what the informers hold of a wanted object
     * @return what to tell the user; empty where every name is free or ours
     */
    Optional<Problem> taken(
            String gateway, List<HasMetadata> wanted, Function<HasMetadata, Optional<? extends HasMetadata>> known) {
        var foreign = new ArrayList<HasMetadata>();
        for (HasMetadata object : wanted) {
            Optional<HasMetadata> there = known.apply(object)
                    .<HasMetadata>map(found -> found)
                    .or(() -> Optional.ofNullable(client.resource(object).get()));
            there.filter(found -> !isOurs(found, gateway)).ifPresent(foreign::add);
        }
        return foreign.isEmpty() ? Optional.empty() : Optional.of(problem(gateway, foreign));
    }

    private static Problem problem(String gateway, List<HasMetadata> foreign) {
        String names = foreign.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .collect(Collectors.joining(", "));
        String copies = foreign.stream().anyMatch(object -> holdsKeys(object, gateway))
                ? " If the Secret is a copy of this gateway's keys: kubectl label secret " + GatewayNames.keys(gateway)
                        + " " + GatewayNames.MANAGED_BY_LABEL + "=" + GatewayNames.OPERATOR + " "
                        + GatewayNames.GATEWAY_LABEL + "=" + gateway
                : "";
        return new Problem(
                "NameTaken",
                "This gateway needs names that objects of others have: " + names
                        + ". They are left as they are. Rename or delete them, or make the WaitingRoomGateway again under another name."
                        + copies);
    }

    private static boolean holdsKeys(HasMetadata object, String gateway) {
        return object instanceof Secret secret
                && secret.getMetadata().getName().equals(GatewayNames.keys(gateway))
                && secret.getData() != null
                && secret.getData().containsKey(KeySecret.TICKET_FILE);
    }
}
