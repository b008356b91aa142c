package dev.waitingroom.operator.scope;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes the leases in the API server. Not thread-safe: {@link Leases} calls it under its lock. */
final class LeaseStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(LeaseStore.class);
    private static final Map<String, String> LABELS =
            Map.of(Labels.MANAGED_BY, Labels.OPERATOR, "app.kubernetes.io/part-of", "waitingroom");

    /** The content of another operator's lease, and when we first read it. */
    private record Seen(String written, long since) {}

    private final KubernetesClient client;
    private final String namespace;
    private final Identity identity;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();

    /** @param namespace of the leases */
    LeaseStore(KubernetesClient client, String namespace, Identity identity, LongSupplier nanoTime) {
        this.client = client;
        this.namespace = namespace;
        this.identity = identity;
        this.nanoTime = nanoTime;
    }

    /** The holder of a live lease that overlaps the scope. */
    Optional<Identity> overlapping(Scope scope) {
        if (scope.namespace().isPresent()) {
            return read(Scope.ALL).flatMap(this::liveOther);
        }
        return client.leases().inNamespace(namespace).withLabels(LABELS).list().getItems().stream()
                .filter(lease -> !lease.getMetadata().getName().equals(scope.lease()))
                .flatMap(lease -> liveOther(lease).stream())
                .findFirst();
    }

    /** The other operator that holds the lease. Empty if none holds it, or the holder has not renewed it in time. */
    Optional<Identity> liveOther(Lease lease) {
        LeaseSpec spec = lease.getSpec();
        String holder = spec == null ? null : spec.getHolderIdentity();
        if (holder == null || holder.isEmpty() || holder.equals(identity.toString())) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        String written = holder + " " + spec.getRenewTime();
        Seen last = seen.compute(
                lease.getMetadata().getName(),
                (_, before) -> before != null && before.written.equals(written) ? before : new Seen(written, now));
        Duration duration = Duration.ofSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 15));
        return now - last.since > duration.toNanos() ? Optional.empty() : Optional.of(Identity.parse(holder));
    }

    Optional<Lease> read(Scope scope) {
        return Optional.ofNullable(
                client.leases().inNamespace(namespace).withName(scope.lease()).get());
    }

    /** Creates or renews the lease as ours. */
    void write(Scope scope, @Nullable Lease there) {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        if (there == null) {
            client.resource(new LeaseBuilder()
                            .withNewMetadata()
                            .withName(scope.lease())
                            .withNamespace(namespace)
                            .withLabels(LABELS)
                            .endMetadata()
                            .withNewSpec()
                            .withHolderIdentity(identity.toString())
                            .withLeaseDurationSeconds((int) Leases.DURATION.toSeconds())
                            .withAcquireTime(now)
                            .withRenewTime(now)
                            .withLeaseTransitions(0)
                            .endSpec()
                            .build())
                    .create();
            return;
        }
        boolean renewed = identity.toString().equals(there.getSpec().getHolderIdentity());
        int transitions = Objects.requireNonNullElse(there.getSpec().getLeaseTransitions(), 0);
        client.resource(new LeaseBuilder(there)
                        .editMetadata()
                        .addToLabels(LABELS)
                        .endMetadata()
                        .editSpec()
                        .withHolderIdentity(identity.toString())
                        .withLeaseDurationSeconds((int) Leases.DURATION.toSeconds())
                        .withAcquireTime(renewed ? there.getSpec().getAcquireTime() : now)
                        .withRenewTime(now)
                        .withLeaseTransitions(renewed ? transitions : transitions + 1)
                        .endSpec()
                        .build())
                .update();
    }

    /** Ends our lease at once, so that nobody waits for it to expire. */
    void giveBack(Scope scope) {
        try {
            read(scope)
                    .filter(lease -> identity.toString().equals(lease.getSpec().getHolderIdentity()))
                    .ifPresent(lease -> client.resource(new LeaseBuilder(lease)
                                    .editSpec()
                                    .withHolderIdentity("")
                                    .withLeaseDurationSeconds(1)
                                    .endSpec()
                                    .build())
                            .update());
        } catch (KubernetesClientException e) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.SCOPE, scope)
                    .addKeyValue(LogKeys.ERROR, e.getMessage())
                    .log("could not give the lease back; it expires by itself");
        }
    }
}
