package dev.waitingroom.operator.room;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.api.v1alpha1.WaitingRoomSpec;
import dev.waitingroom.operator.ops.ApiErrors;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.EventRecorder.Kind;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Creates the gateway {@value WaitingRoomSpec#DEFAULT_GATEWAY} of a namespace when the first room needs it. Thread-safe. */
record DefaultGateway(KubernetesClient client, EventRecorder events) {
    /**
     * Creates it with all defaults.
     *
     * @param room that needs it
     * @return empty if the namespace is being deleted
     */
    Optional<WaitingRoomGateway> create(WaitingRoom room) {
        var gateway = new WaitingRoomGateway();
        gateway.setMetadata(new ObjectMetaBuilder()
                .withName(WaitingRoomSpec.DEFAULT_GATEWAY)
                .withNamespace(room.getMetadata().getNamespace())
                .addToLabels(Labels.MANAGED_BY, Labels.OPERATOR)
                .build());
        try {
            WaitingRoomGateway created = client.resource(gateway).create();
            events.record(
                    room,
                    Kind.NORMAL,
                    "GatewayMade",
                    "created the missing WaitingRoomGateway " + WaitingRoomSpec.DEFAULT_GATEWAY + " with all defaults");
            return Optional.of(created);
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) { // another room has just created it
                return Optional.ofNullable(client.resource(gateway).get());
            }
            if (ApiErrors.namespaceEnds(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
