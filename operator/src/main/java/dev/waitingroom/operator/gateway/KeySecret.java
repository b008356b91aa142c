package dev.waitingroom.operator.gateway;

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
 * The Secret with a gateway's signing keys. It has no owner: every waiting visitor's ticket is signed with it, so it outlives its gateway
 * while a room names that. Written over the version that was read only, never over somebody else's.
 */
final class KeySecret {
    /** {@code kubectl annotate wrg NAME waitingroom.dev/accept-lost-keys=ID}: make new keys in place of the lost ones. */
    static final String ACCEPT_LOST = "waitingroom.dev/accept-lost-keys";

    static final String TICKET_FILE = KeyKind.TICKET.file();

    private static final Logger LOGGER = LoggerFactory.getLogger(KeySecret.class);

    /** What came of it. */
    sealed interface Outcome {}

    /** The keys are there. */
    record Kept(String ticketKeyId) implements Outcome {}

    /** The ticket keys are gone, and visitors may hold tickets. Nothing was made. */
    record Lost(String ticketKeyId) implements Outcome {}

    private final KubernetesClient client;

    KeySecret(KubernetesClient client) {
        this.client = client;
    }

    /** The Secret without its content. */
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
     * Makes it where it is missing, and rotates keys that are due.
     *
     * @param known what the informer holds
     * @param inUse whether a room names the gateway, so that visitors may hold tickets
     * @throws IllegalArgumentException naming the file that is there and cannot be used; it is not overwritten
     */
    Outcome keep(WaitingRoomGateway gateway, Optional<Secret> known, boolean inUse, Instant now) {
        String namespace = gateway.getMetadata().getNamespace();
        String name = GatewayNames.keys(gateway.getMetadata().getName());
        Secret there = known.orElseGet(
                () -> client.secrets().inNamespace(namespace).withName(name).get());
        var data = new TreeMap<String, String>();
        if (there != null && there.getData() != null) {
            data.putAll(there.getData());
        }
        Optional<String> lost = inUse && !data.containsKey(TICKET_FILE) ? lost(gateway) : Optional.empty();
        if (lost.isPresent()) {
            return new Lost(lost.get());
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
        if (changed || hasInstanceLabel(there)) {
            write(gateway, Optional.ofNullable(there), data);
        }
        return new Kept(
                KeyRotation.signingKeyId(KeyKind.TICKET, decode(Objects.requireNonNull(data.get(TICKET_FILE)))));
    }

    /** Removes it, if it is the operator's. */
    void delete(String namespace, String gateway) {
        Secret there = client.secrets()
                .inNamespace(namespace)
                .withName(GatewayNames.keys(gateway))
                .get();
        if (there != null && Ownership.isOurs(there, gateway)) {
            client.resource(there).delete();
        }
    }

    /** The key that once signed tickets, unless a person has accepted that it is lost. */
    private static Optional<String> lost(WaitingRoomGateway gateway) {
        Map<String, String> annotations = gateway.getMetadata().getAnnotations();
        String accepted = annotations == null ? null : annotations.get(ACCEPT_LOST);
        return Optional.ofNullable(gateway.statusOrNone().ticketKeyId()).filter(id -> !id.equals(accepted));
    }

    /** Earlier versions set the label by which GitOps tools know what they deployed: such a tool prunes the Secret. */
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
