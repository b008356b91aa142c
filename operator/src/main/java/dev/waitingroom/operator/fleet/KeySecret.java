package dev.waitingroom.operator.fleet;

import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.keys.KeyKind;
import dev.waitingroom.operator.keys.KeyRotation;
import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secret with a fleet's signing keys. It belongs to nobody: every waiting visitor's ticket is signed with it, so that it outlives
 * its gateway for as long as a room names that. Written with the version that was read, never over somebody else's.
 */
final class KeySecret {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeySecret.class);

    private final KubernetesClient client;

    KeySecret(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Makes it where it is missing, and rotates keys that are due.
     *
     * @param known what the informer holds; one that somebody else made, without the labels, is not among it
     * @throws IllegalArgumentException naming the file that is there and cannot be used; it is not overwritten
     */
    void keep(WaitingRoomGateway gateway, Optional<Secret> known, Instant now) {
        String namespace = gateway.getMetadata().getNamespace();
        String name = FleetNames.keys(gateway.getMetadata().getName());
        Secret there = known.orElseGet(
                () -> client.secrets().inNamespace(namespace).withName(name).get());
        var data = new TreeMap<String, String>();
        if (there != null && there.getData() != null) {
            data.putAll(there.getData());
        }
        Duration period = Duration.ofDays(gateway.getSpec().signing().rotationDays());
        boolean changed = false;
        for (KeyKind kind : KeyKind.values()) {
            Optional<String> current =
                    Optional.ofNullable(data.get(kind.file())).map(KeySecret::decode);
            String next = KeyRotation.advance(kind, current, period, now);
            if (!Optional.of(next).equals(current)) {
                data.put(kind.file(), encode(next));
                changed = true;
                LOGGER.atInfo()
                        .addKeyValue(
                                LogKeys.GATEWAY,
                                namespace + "/" + gateway.getMetadata().getName())
                        .addKeyValue(LogKeys.KEY_FILE, kind.file())
                        .log(current.isEmpty() ? "signing key made" : "signing keys rotated");
            }
        }
        if (changed) {
            write(gateway, Optional.ofNullable(there), data);
        }
    }

    /** Removes it, if it is the operator's. */
    void delete(String namespace, String gateway) {
        Secret there = client.secrets()
                .inNamespace(namespace)
                .withName(FleetNames.keys(gateway))
                .get();
        if (there != null
                && there.getMetadata().getLabels() != null
                && FleetNames.OPERATOR.equals(there.getMetadata().getLabels().get(FleetNames.MANAGED_BY_LABEL))) {
            client.resource(there).delete();
        }
    }

    private void write(WaitingRoomGateway gateway, Optional<Secret> there, Map<String, String> data) {
        if (there.isPresent()) {
            client.resource(new SecretBuilder(there.get()).withData(data).build())
                    .update();
            return;
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(FleetNames.keys(gateway.getMetadata().getName()))
                        .withNamespace(gateway.getMetadata().getNamespace())
                        .withLabels(FleetNames.labels(gateway.getMetadata().getName()))
                        .endMetadata()
                        .withType("Opaque")
                        .withData(data)
                        .build())
                .create();
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
