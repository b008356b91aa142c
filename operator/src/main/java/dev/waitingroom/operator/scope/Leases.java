package dev.waitingroom.operator.scope;

import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease for each scope. All leases are in one namespace of the cluster, so that no two operators serve the same objects, whatever the names
 * and namespaces of their releases.
 *
 * <p>The scope of all namespaces overlaps with each single namespace. Each operator first takes its own lease and then reads the other's. So at
 * least one of the two sees the other. The operator of a single namespace then gives its lease back. The operator of all namespaces keeps its
 * lease, and waits until no namespace is taken.
 *
 * <p>The lease of another operator has expired if it did not change for its own duration, measured by our clock. Thread-safe.
 */
public final class Leases implements AutoCloseable {
    static final Duration DURATION = Duration.ofSeconds(15);
    static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    static final Duration PERIOD = Duration.ofSeconds(2);

    private static final Logger LOGGER = LoggerFactory.getLogger(Leases.class);

    private enum Step {
        SEEKING,
        /** The lease is ours, but another operator may have an overlapping one. */
        TAKEN,
        LEADING
    }

    private static final class Claim {
        private Step step = Step.SEEKING;
        private Optional<Identity> holder = Optional.empty();
        private long renewed;
    }

    private final LeaseStore store;
    private final Identity identity;
    private final LongSupplier nanoTime;
    private final Runnable lost;
    private final Map<Scope, Claim> claims = new TreeMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leases").daemon().factory());
    private boolean failing;
    private boolean ended;

    /**
     * Does nothing yet.
     *
     * @param namespace of the leases, the same for every operator of the cluster
     * @param lost called once when a lease is lost, since another operator may be at work there
     */
    public Leases(KubernetesClient client, String namespace, Identity identity, Runnable lost) {
        this(client, namespace, identity, lost, System::nanoTime);
    }

    Leases(KubernetesClient client, String namespace, Identity identity, Runnable lost, LongSupplier nanoTime) {
        this.store = new LeaseStore(client, namespace, identity, nanoTime);
        this.identity = identity;
        this.lost = lost;
        this.nanoTime = nanoTime;
    }

    /** Renews the leases from now on. */
    public void start() {
        var _ = timer.scheduleWithFixedDelay(this::tick, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tries to take the scope's lease from now on. */
    public synchronized void seek(Scope scope) {
        claims.computeIfAbsent(scope, _ -> new Claim());
    }

    /** Whether this operator alone serves the scope. */
    public synchronized boolean leads(Scope scope) {
        Claim claim = claims.get(scope);
        return claim != null && claim.step == Step.LEADING;
    }

    /** The operator that serves the scope, or a part of it, instead. Empty if unknown. */
    public synchronized Optional<Identity> holder(Scope scope) {
        return Optional.ofNullable(claims.get(scope)).flatMap(claim -> claim.holder);
    }

    /** Gives all leases back. To be called after all work has ended. */
    @Override
    public void close() {
        timer.shutdownNow();
        synchronized (this) {
            ended = true;
            claims.forEach((scope, claim) -> {
                if (claim.step != Step.SEEKING) {
                    store.giveBack(scope);
                }
            });
            claims.clear();
        }
    }

    /** Checks all leases once. */
    synchronized void tick() {
        if (ended) {
            return;
        }
        boolean failed = false;
        for (var entry : claims.entrySet()) {
            Claim claim = entry.getValue();
            try {
                advance(entry.getKey(), claim);
            } catch (KubernetesClientException e) {
                failed |= e.getCode()
                        != HttpURLConnection.HTTP_CONFLICT; // another operator was faster: the next check shows it
                if (failed && !failing) {
                    LOGGER.atWarn()
                            .addKeyValue(LogKeys.SCOPE, entry.getKey())
                            .addKeyValue(LogKeys.ERROR, e.getMessage())
                            .log("cannot read or write the lease; trying again every two seconds");
                }
            }
            if (claim.step == Step.LEADING && nanoTime.getAsLong() - claim.renewed > RENEW_DEADLINE.toNanos()) {
                lose(entry.getKey(), claim, "it could not be renewed in time");
            }
        }
        failing = failed;
    }

    private void advance(Scope scope, Claim claim) {
        Optional<Lease> there = store.read(scope);
        Optional<Identity> other = there.flatMap(store::liveOther);
        if (other.isEmpty() && claim.step == Step.SEEKING && scope.namespace().isPresent()) {
            other = store.read(Scope.ALL).flatMap(store::liveOther);
        }
        if (other.isPresent()) {
            if (claim.step == Step.LEADING) {
                lose(scope, claim, "it is held by " + other.get());
            }
            claim.step = Step.SEEKING;
            waitFor(scope, claim, other.get());
            return;
        }
        store.write(scope, there.orElse(null));
        claim.renewed = nanoTime.getAsLong();
        if (claim.step != Step.LEADING) {
            claim.step = Step.TAKEN;
            confirm(scope, claim);
        }
    }

    private void confirm(Scope scope, Claim claim) {
        Optional<Identity> overlapping = store.overlapping(scope);
        if (overlapping.isEmpty()) {
            claim.step = Step.LEADING;
            claim.holder = Optional.empty();
            LOGGER.atInfo().addKeyValue(LogKeys.SCOPE, scope).log("this operator leads");
            return;
        }
        waitFor(scope, claim, overlapping.get());
        if (scope.namespace().isPresent()) {
            claim.step = Step.SEEKING;
            store.giveBack(scope);
        }
    }

    private void waitFor(Scope scope, Claim claim, Identity holder) {
        if (claim.holder.equals(Optional.of(holder))) {
            return;
        }
        claim.holder = Optional.of(holder);
        boolean standIn = holder.release().equals(identity.release());
        (standIn ? LOGGER.atInfo() : LOGGER.atWarn())
                .addKeyValue(LogKeys.SCOPE, scope)
                .addKeyValue(LogKeys.LEADER, holder)
                .log(
                        standIn
                                ? "standing by for another pod of this release"
                                : "an operator of another release serves this scope; waiting until it ends. Uninstall one of the two, or give them different watchNamespaces");
    }

    private void lose(Scope scope, Claim claim, String why) {
        LOGGER.atError()
                .addKeyValue(LogKeys.SCOPE, scope)
                .addKeyValue(LogKeys.DETAIL, why)
                .log("lost the lease; this operator ends");
        claim.step = Step.SEEKING;
        ended = true;
        lost.run();
    }
}
