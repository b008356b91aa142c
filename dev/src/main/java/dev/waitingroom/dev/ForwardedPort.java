package dev.waitingroom.dev;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.operator.gateway.GatewayNames;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Forwards a local port to a gateway's Service in a real cluster, as {@code kubectl port-forward} does. */
final class ForwardedPort implements Entrance, AutoCloseable {
    private static final int SERVICE_PORT = 80;

    private final KubernetesClient client;
    private final int port;
    private @Nullable LocalPortForward forward;

    /** @param port opened on first use */
    ForwardedPort(KubernetesClient client, int port) {
        this.client = client;
        this.port = port;
    }

    @Override
    public synchronized URI of(WaitingRoom room) {
        if (forward == null) {
            forward = client.services()
                    .inNamespace(room.getMetadata().getNamespace())
                    .withName(
                            GatewayNames.deployment(room.getSpec().gatewayRef().name()))
                    .portForward(SERVICE_PORT, port);
        }
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public synchronized void close() {
        if (forward != null) {
            try {
                forward.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
