package dev.waitingroom.operator.scope;

import dev.waitingroom.operator.ops.LogKeys;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts to serve each scope once the operator has the rights and the lease for it. A namespace without rights does not delay the others, and
 * is served as soon as the rights exist. A scope stays served: informers wait if they lose their rights. Thread-safe.
 */
public final class ScopeLoop implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ScopeLoop.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** The reason why a scope is not served. */
    private enum Obstacle {
        FORBIDDEN,
        TAKEN,
        STANDING_BY
    }

    /** The operator, as the loop uses it. */
    public interface Work {
        /** Serves these scopes, which include all that are served already. */
        void serve(Set<Scope> scopes);

        /** Releases rooms and gateways of a namespace that is being deleted, where the operator has lost its rights. */
        void release(String namespace);

        /** The loop cannot continue, so the process must end. */
        void failed(RuntimeException why);
    }

    private final List<Scope> scopes;
    private final Rights rights;
    private final Leases leases;
    private final Identity identity;
    private final Work work;
    private final Set<Scope> served = new TreeSet<>();
    private final Map<Scope, Obstacle> obstacles = new TreeMap<>();
    private final Map<Scope, String> told = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("scopes").daemon().factory());

    /**
     * Does nothing yet.
     *
     * @param kinds that the operator lists and watches in each scope
     */
    public ScopeLoop(
            List<Scope> scopes,
            KubernetesClient client,
            List<Class<? extends HasMetadata>> kinds,
            Leases leases,
            Identity identity,
            Work work) {
        this.scopes = List.copyOf(scopes);
        this.rights = new Rights(client, kinds);
        this.leases = leases;
        this.identity = identity;
        this.work = work;
    }

    /** Registers the metric: how many scopes are served, and how many are not, by reason. */
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "served", () -> served.size());
        gauge(registry, "forbidden", () -> count(Obstacle.FORBIDDEN));
        gauge(registry, "taken", () -> count(Obstacle.TAKEN));
        gauge(registry, "standing_by", () -> count(Obstacle.STANDING_BY));
    }

    /** Checks every two seconds from now on. */
    public void start() {
        var _ = timer.scheduleWithFixedDelay(this::tick, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether a scope is served, or will be as soon as another pod of this release ends. */
    public synchronized boolean isReady() {
        return !served.isEmpty()
                || (obstacles.size() == scopes.size()
                        && obstacles.values().stream().allMatch(obstacle -> obstacle == Obstacle.STANDING_BY));
    }

    /** A line for each scope that is not served. */
    public synchronized String detail() {
        var lines = new ArrayList<String>();
        obstacles.forEach((scope, obstacle) -> lines.add(scope + ": "
                + switch (obstacle) {
                    case FORBIDDEN -> "forbidden: " + told.get(scope);
                    case TAKEN -> "waits for the operator " + holder(scope) + " of another release";
                    case STANDING_BY -> "stands by for " + holder(scope);
                }));
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            boolean _ = timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            var ready = new TreeSet<>(served);
            for (Scope scope : scopes) {
                if (!served.contains(scope) && isOurs(scope)) {
                    ready.add(scope);
                }
            }
            if (ready.size() > served.size()) {
                work.serve(ready);
                synchronized (this) {
                    served.addAll(ready);
                    served.forEach(obstacles::remove);
                }
            }
        } catch (KubernetesClientException e) {
            LOGGER.atDebug().addKeyValue(LogKeys.ERROR, e.getMessage()).log("cannot check the scopes; trying again");
        } catch (RuntimeException e) {
            timer.shutdown();
            work.failed(e);
        }
    }

    private boolean isOurs(Scope scope) {
        Optional<String> missing = rights.missing(scope);
        if (missing.isPresent()) {
            forbidden(scope, missing.get());
            return false;
        }
        told.remove(scope);
        leases.seek(scope);
        if (leases.leads(scope)) {
            return true;
        }
        leases.holder(scope)
                .ifPresent(holder -> obstacle(
                        scope, holder.release().equals(identity.release()) ? Obstacle.STANDING_BY : Obstacle.TAKEN));
        return false;
    }

    private void forbidden(Scope scope, String why) {
        if (scope.namespace().filter(rights::isEnding).isPresent()) {
            work.release(scope.namespace().get());
        }
        obstacle(scope, Obstacle.FORBIDDEN);
        if (!why.equals(told.put(scope, why))) {
            LOGGER.atWarn()
                    .addKeyValue(LogKeys.SCOPE, scope)
                    .addKeyValue(LogKeys.ERROR, why)
                    .log(
                            "the operator has no rights here and serves the other scopes; check its Role and RoleBinding. Trying again every two seconds");
        }
    }

    private synchronized void obstacle(Scope scope, Obstacle obstacle) {
        obstacles.put(scope, obstacle);
    }

    private synchronized long count(Obstacle obstacle) {
        return obstacles.values().stream().filter(obstacle::equals).count();
    }

    private String holder(Scope scope) {
        return leases.holder(scope).map(Identity::toString).orElse("unknown");
    }

    private void gauge(MeterRegistry registry, String state, Supplier<Number> value) {
        Gauge.builder("waitingroom_operator_scopes", () -> {
                    synchronized (this) {
                        return value.get();
                    }
                })
                .description("Scopes of the operator, namespaces or the whole cluster, by whether it serves them")
                .tag("state", state)
                .register(registry);
    }
}
