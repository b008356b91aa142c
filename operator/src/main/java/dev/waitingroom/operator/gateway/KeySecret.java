package dev.waitingroom.operator.gateway;

import dev.waitingroom.api.v1alpha1.Annotations;
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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secret with a gateway's signing keys. It signs the ticket of every waiting visitor. So it has no owner, and outlives its gateway while a
 * room names the gateway. An update replaces only the version that was read.
 */
final class KeySecret {
    static final String TICKET_FILE = KeyKind.TICKET.file();

    private static final Logger LOGGER = LoggerFactory.getLogger(KeySecret.class);

    private final KubernetesClient client;

    KeySecret(KubernetesClient client) {
        this.client = client;
    }

    /** The Secret without its data. */
    static Secret named(WaitingRoomGateway gateway) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(GatewayNames.keys(gateway.getMetadata().getName()))
                .withNamespace(gateway.getMetadata().getNamespace())
                .withLabels(GatewayNames.keyLabels(gateway.getMetadata().getName()))
                .endMetadata()
                .withType("Opaque")
                .build();
    }

    /**
     * Creates the Secret if it is missing, and rotates keys that are due.
     *
     * @param known the Secret as the informer sees it
     * @param inUse whether a room names the gateway, so that visitors may hold tickets
     * @return the id of the key that signs tickets
     * @throws BlockedException if the ticket keys are lost, or a file is invalid; neither is overwritten
     */
    String keep(WaitingRoomGateway gateway, Optional<Secret> known, boolean inUse, Instant now)
            throws BlockedException {
        String name = GatewayNames.keys(gateway.getMetadata().getName());
        Secret there = known.orElseGet(() -> client.secrets()
                .inNamespace(gateway.getMetadata().getNamespace())
                .withName(name)
                .get());
        var data = new TreeMap<String, String>();
        if (there != null && there.getData() != null) {
            data.putAll(there.getData());
        }
        if (inUse && !data.containsKey(TICKET_FILE)) {
            requireAcceptedLoss(gateway);
        }
        try {
            boolean changed = rotate(gateway, data, now);
            if (changed || hasInstanceLabel(there)) {
                write(gateway, Optional.ofNullable(there), data);
            }
            return KeyRotation.signingKeyId(KeyKind.TICKET, decode(Objects.requireNonNull(data.get(TICKET_FILE))));
        } catch (IllegalArgumentException e) {
            throw new BlockedException(
                    "KeysInvalid", "Secret " + name + ": " + e.getMessage() + ". Restore the keys from a backup.", e);
        }
    }

    private static boolean rotate(WaitingRoomGateway gateway, Map<String, String> data, Instant now) {
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
                                gateway.getMetadata().getNamespace() + "/"
                                        + gateway.getMetadata().getName())
                        .addKeyValue(LogKeys.KEY_FILE, kind.file())
                        .log(current.isEmpty() ? "signing key created" : "signing keys rotated");
            }
        }
        return changed;
    }

    /** Deletes the Secret if it belongs to the gateway. */
    void delete(String namespace, String gateway) {
        Secret there = client.secrets()
                .inNamespace(namespace)
                .withName(GatewayNames.keys(gateway))
                .get();
        if (there != null && Ownership.isOurs(there, gateway)) {
            client.resource(there).delete();
        }
    }

    /** New ticket keys cost every visitor their place. So a person must accept the loss of the old ones first. */
    private static void requireAcceptedLoss(WaitingRoomGateway gateway) throws BlockedException {
        String name = gateway.getMetadata().getName();
        String lost = gateway.statusOrNone().ticketKeyId();
        Map<String, String> annotations = gateway.getMetadata().getAnnotations();
        if (lost == null || (annotations != null && lost.equals(annotations.get(Annotations.ACCEPT_LOST_KEYS)))) {
            return;
        }
        throw new BlockedException(
                "KeysLost",
                "Secret " + GatewayNames.keys(name)
                        + " has lost the keys that sign tickets. Running pods still have them and serve. New pods cannot start."
                        + " Restore the Secret from a backup. If there is none, new keys cost every waiting visitor their place: kubectl annotate wrg "
                        + name + " --overwrite " + Annotations.ACCEPT_LOST_KEYS + "=" + lost);
    }

    /** Earlier versions set this label. A GitOps tool takes the Secret for its own because of it, and deletes it. */
    private static boolean hasInstanceLabel(@Nullable Secret secret) {
        return secret != null
                && secret.getMetadata().getLabels() != null
                && secret.getMetadata().getLabels().containsKey(GatewayNames.INSTANCE_LABEL);
    }

    private void write(WaitingRoomGateway gateway, Optional<Secret> there, Map<String, String> data) {
        if (there.isPresent()) {
            client.resource(new SecretBuilder(there.get())
                            .editMetadata()
                            .removeFromLabels(GatewayNames.INSTANCE_LABEL)
                            .endMetadata()
                            .withData(data)
                            .build())
                    .update();
            return;
        }
        client.resource(new SecretBuilder(named(gateway)).withData(data).build())
                .create();
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
