package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects that a gateway consists of, as the informers see them. They see labelled objects only.
 *
 * @param gateway the owner
 * @param context of one reconciliation
 */
record OwnedObjects(WaitingRoomGateway gateway, Context<WaitingRoomGateway> context) {
    /** The kinds that the operator lists and watches. */
    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Deployment.class, Service.class, Secret.class, PodDisruptionBudget.class, NetworkPolicy.class, Pod.class);

    private static final Logger LOGGER = LoggerFactory.getLogger(OwnedObjects.class);
    private static final String SELECTOR = Labels.MANAGED_BY + "=" + Labels.OPERATOR + "," + Labels.GATEWAY;

    /** An informer for each kind. */
    static List<EventSource<?, WaitingRoomGateway>> eventSources(EventSourceContext<WaitingRoomGateway> context) {
        return KINDS.stream()
                .<EventSource<?, WaitingRoomGateway>>map(kind -> eventSource(kind, context))
                .toList();
    }

    private static <T extends HasMetadata> EventSource<?, WaitingRoomGateway> eventSource(
            Class<T> kind, EventSourceContext<WaitingRoomGateway> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, WaitingRoomGateway.class)
                        .withLabelSelector(SELECTOR)
                        .withSecondaryToPrimaryMapper(object -> Set.of(new ResourceID(
                                object.getMetadata().getLabels().get(Labels.GATEWAY),
                                object.getMetadata().getNamespace())))
                        .build(),
                context);
    }

    Optional<Deployment> deployment() {
        return find(Deployment.class, GatewayNames.deployment(name()));
    }

    /** The Secret with the signing keys. */
    Optional<Secret> keySecret() {
        return find(Secret.class, GatewayNames.keys(name()));
    }

    List<Pod> pods() {
        return context.getSecondaryResourcesAsStream(Pod.class).toList();
    }

    /** The object of the same kind and name. */
    @SuppressWarnings("unchecked")
    <T extends HasMetadata> Optional<T> like(T wanted) {
        return find((Class<T>) wanted.getClass(), wanted.getMetadata().getName());
    }

    /**
     * Applies the objects in this order.
     *
     * @param wanted with a Deployment among them
     * @return the Deployment as it is now
     * @throws BlockedException if the API server refuses an object until a person changes something
     */
    Deployment apply(List<HasMetadata> wanted, Applier applier) throws BlockedException {
        Deployment deployment = null;
        for (HasMetadata object : wanted) {
            if (apply(object, applier) instanceof Deployment applied) {
                deployment = applied;
            }
        }
        return Objects.requireNonNull(deployment, "a gateway needs a Deployment");
    }

    private HasMetadata apply(HasMetadata wanted, Applier applier) throws BlockedException {
        try {
            return applier.apply(wanted, like(wanted));
        } catch (KubernetesClientException e) {
            if (!ApiErrors.forGood(e)) {
                throw e;
            }
            throw new BlockedException(
                    "ObjectRefused",
                    wanted.getKind() + " " + wanted.getMetadata().getName() + " cannot be applied: "
                            + ApiErrors.message(e)
                            + ". Correct the WaitingRoomGateway's spec, or the rule that forbids this.",
                    e);
        }
    }

    /** Deletes the copy of the operator's Redis credentials once the gateway names a Redis of its own. */
    void deleteStaleSecrets(List<HasMetadata> wanted) {
        context.getSecondaryResourcesAsStream(Secret.class)
                .filter(secret -> secret.hasOwnerReferenceFor(gateway) && !isAmong(wanted, secret))
                .forEach(secret -> {
                    context.getClient().resource(secret).delete();
                    LOGGER.atInfo()
                            .addKeyValue(LogKeys.GATEWAY, gateway.getMetadata().getNamespace() + "/" + name())
                            .addKeyValue(LogKeys.OBJECT, secret.getMetadata().getName())
                            .log("deleted a Secret that the gateway's spec no longer needs");
                });
    }

    private static boolean isAmong(List<HasMetadata> objects, Secret secret) {
        return objects.stream()
                .anyMatch(object -> object instanceof Secret
                        && object.getMetadata()
                                .getName()
                                .equals(secret.getMetadata().getName()));
    }

    private <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
        return context.getSecondaryResourcesAsStream(kind)
                .filter(there -> there.getMetadata().getName().equals(name))
                .findFirst();
    }

    private String name() {
        return gateway.getMetadata().getName();
    }
}
