package dev.waitingroom.operator;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.gateway.GatewayReconciler;
import dev.waitingroom.operator.ops.AdminServer;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.ops.OperatorMetrics;
import dev.waitingroom.operator.redis.InstalledRedis;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.operator.room.LeftRooms;
import dev.waitingroom.operator.room.LineRemoval;
import dev.waitingroom.operator.room.RoomReconciler;
import dev.waitingroom.operator.room.RoomSync;
import dev.waitingroom.operator.scope.Identity;
import dev.waitingroom.operator.scope.Leases;
import dev.waitingroom.operator.scope.Scope;
import dev.waitingroom.operator.scope.ScopeLoop;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.operator.watch.WatchListener;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.redis.QueueRedis;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.NamespaceChangeable;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.EventSourceManager;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running operator. */
public final class OperatorProcess implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorProcess.class);

    private static final Duration API_PAUSE = Duration.ofSeconds(2);

    private final RedisConnections connections;
    private final RedisWatch watch;
    private final Operator operator;
    private final AdminServer admin;
    private final OperatorMetrics metrics;
    private final List<Reconciler<?>> reconcilers;
    private final Leases leases;
    private final ScopeLoop loop;
    private volatile boolean started;
    private volatile boolean serving;

    /** What the watch sees goes to the reconcilers, which exist only after it. */
    private static final class Relay implements WatchListener {
        private volatile @Nullable RoomReconciler rooms;
        private volatile @Nullable GatewayReconciler gateways;

        void to(RoomReconciler rooms, GatewayReconciler gateways) {
            this.rooms = rooms;
            this.gateways = gateways;
        }

        @Override
        public void roomChanged(RoomId room) {
            if (rooms != null) {
                rooms.roomChanged(room);
            }
        }

        @Override
        public void roomRestored(RoomId room, String what) {
            if (rooms != null) {
                rooms.roomRestored(room, what);
            }
        }

        @Override
        public void gatewayChanged(GatewayId gateway) {
            if (gateways != null) {
                gateways.gatewayChanged(gateway);
            }
        }

        @Override
        public void reachabilityChanged(GatewayId gateway) {
            gatewayChanged(gateway);
            if (rooms != null) {
                rooms.gatewayChanged(gateway);
            }
        }
    }

    private OperatorProcess(OperatorSettings settings, KubernetesClient client, Runnable mustEnd) {
        var clock = InstantSource.system();
        var relay = new Relay();
        var resolver = new RedisResolver(client, installed(settings), clock);
        var events = new EventRecorder(client, settings.podName(), clock);
        connections = new RedisConnections(QueueRedis::connect);
        watch = new RedisWatch(relay, clock);
        var gateways =
                new GatewayReconciler(client, resolver, connections, watch, events, clock, settings.gatewayImage());
        var removal = new LineRemoval(resolver, connections, gateways);
        var rooms =
                new RoomReconciler(client, new RoomSync(resolver, connections, watch), removal, watch, events, clock);
        relay.to(rooms, gateways);
        reconcilers = List.of(gateways, rooms);

        metrics = new OperatorMetrics();
        operator =
                new Operator(configuration -> configure(configuration, client).withMetrics(metrics.reconciliations()));
        var identity = new Identity(settings.namespace() + "/" + settings.name(), settings.podName());
        leases = new Leases(client, settings.leaseNamespace(), identity, mustEnd);
        loop = new ScopeLoop(
                Scope.of(settings.watchNamespaces()),
                client,
                kinds(),
                leases,
                identity,
                new ScopedWork(new LeftRooms(client, removal), mustEnd));
        loop.bindTo(metrics.registry());
        try {
            admin = AdminServer.start(
                    settings.bindAddress(),
                    settings.adminPort(),
                    this::healthy,
                    () -> started && (serving || loop.isReady()),
                    loop::detail,
                    metrics::scrape);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InstalledRedis installed(OperatorSettings settings) {
        return settings.redisSecret()
                .<InstalledRedis>map(name -> new InstalledRedis.InSecret(settings.namespace(), name))
                .or(() -> settings.redis().map(RedisLocation::from).map(InstalledRedis.Fixed::new))
                .orElseGet(InstalledRedis.None::new);
    }

    /** Starts it where no other can be: without leader election. */
    public static OperatorProcess start(OperatorSettings settings, KubernetesClient client) {
        return start(settings, client, () -> {});
    }

    /**
     * Starts it. With leader election it returns at once, and serves each namespace as soon as it has the rights there and no other
     * operator works there.
     *
     * @param client stays the caller's to close
     * @param mustEnd called when another may be at work, or it cannot start: the process must end
     * @throws UncheckedIOException where the admin port or the Redis authority's file cannot be had
     */
    public static OperatorProcess start(OperatorSettings settings, KubernetesClient client, Runnable mustEnd) {
        var process = new OperatorProcess(settings, client, mustEnd);
        process.watch.start();
        awaitApi(client);
        if (settings.leaderElection()) {
            process.leases.start();
            process.loop.start();
        } else {
            process.serve(new TreeSet<>(Scope.of(settings.watchNamespaces())));
        }
        process.started = true;
        return process;
    }

    /** Where health and metrics are. */
    public int adminPort() {
        return admin.port();
    }

    /** Ends it: reconciliations under way are waited for, some seconds at most. Gateways and lines go on without it. */
    @Override
    public void close() {
        started = false;
        loop.close();
        operator.stop();
        watch.close();
        connections.close();
        leases.close();
        admin.close();
        metrics.close();
    }

    /** An informer that has lost the API connects again by itself; one that has ended does not. */
    private boolean healthy() {
        return !started
                || !serving
                || operator.getRuntimeInfo().unhealthyEventSources().values().stream()
                        .flatMap(sources -> sources.values().stream())
                        .filter(InformerWrappingEventSourceHealthIndicator.class::isInstance)
                        .map(source -> (InformerWrappingEventSourceHealthIndicator<?>) source)
                        .flatMap(source -> source.informerHealthIndicators().values().stream())
                        .allMatch(InformerHealthIndicator::isRunning);
    }

    /** The API is away while its server is upgraded. One that ends over it is started again ever more seldom. */
    private static void awaitApi(KubernetesClient client) {
        boolean told = false;
        while (true) {
            try {
                var _ = client.getKubernetesVersion();
                return;
            } catch (KubernetesClientException e) {
                if (!told) {
                    LOGGER.atWarn().addKeyValue(LogKeys.ERROR, e.getMessage()).log("waiting for the Kubernetes API");
                    told = true;
                }
                LockSupport.parkNanos(API_PAUSE.toNanos());
            }
        }
    }

    /** What the loop has done for it. */
    private final class ScopedWork implements ScopeLoop.Work {
        private final LeftRooms leftRooms;
        private final Runnable mustEnd;

        ScopedWork(LeftRooms leftRooms, Runnable mustEnd) {
            this.leftRooms = leftRooms;
            this.mustEnd = mustEnd;
        }

        @Override
        public void serve(Set<Scope> scopes) {
            OperatorProcess.this.serve(scopes);
        }

        @Override
        public void release(String namespace) {
            leftRooms.release(namespace);
        }

        @Override
        public void failed(RuntimeException why) {
            LOGGER.atError().setCause(why).log("operator failed to start");
            mustEnd.run();
        }
    }

    private void serve(Set<Scope> scopes) {
        Set<String> namespaces =
                scopes.stream().flatMap(scope -> scope.namespace().stream()).collect(Collectors.toSet());
        if (serving) {
            extend(namespaces);
        } else {
            reconcilers.forEach(reconciler -> register(reconciler, namespaces));
            operator.start();
            serving = true;
        }
        LOGGER.atInfo()
                .addKeyValue(LogKeys.PORT, adminPort())
                .addKeyValue(LogKeys.NAMESPACE, namespaces.isEmpty() ? "all" : namespaces)
                .log("operator serves");
    }

    private <P extends HasMetadata> void register(Reconciler<P> reconciler, Set<String> namespaces) {
        operator.register(reconciler, configuration -> restrict(configuration, namespaces));
    }

    /**
     * Serves more namespaces. What objects are made of is read before the objects: a gateway whose Deployment is not known yet would be
     * made anew. The SDK's own changeNamespaces stops all work meanwhile, and forgets that reconciliations under way have ended.
     */
    private void extend(Set<String> namespaces) {
        List<EventSourceManager<?>> managers = operator.getRegisteredControllers().stream()
                .<EventSourceManager<?>>map(controller -> ((Controller<?>) controller).getEventSourceManager())
                .toList();
        for (EventSourceManager<?> manager : managers) {
            for (EventSource<?, ?> source : manager.getRegisteredEventSources()) {
                if (source instanceof NamespaceChangeable changeable && !(source instanceof ControllerEventSource)) {
                    changeable.changeNamespaces(namespaces);
                }
            }
        }
        managers.forEach(manager -> manager.getControllerEventSource().changeNamespaces(namespaces));
    }

    private static List<Class<? extends HasMetadata>> kinds() {
        var kinds = new ArrayList<Class<? extends HasMetadata>>(List.of(WaitingRoom.class, WaitingRoomGateway.class));
        kinds.addAll(GatewayReconciler.OWNED_KINDS);
        return kinds;
    }

    private static ConfigurationServiceOverrider configure(
            ConfigurationServiceOverrider configuration, KubernetesClient client) {
        return configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                // Finalizer and status are patched; only a gateway's own objects are applied.
                .withUseSSAToPatchPrimaryResource(false);
    }

    private static <T extends HasMetadata> void restrict(
            ControllerConfigurationOverrider<T> configuration, Set<String> namespaces) {
        configuration.withRetry(new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(30_000)
                .withoutMaxAttempts());
        if (!namespaces.isEmpty()) {
            configuration.settingNamespaces(namespaces);
        }
    }
}
