package dev.waitingroom.operator;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import dev.waitingroom.operator.gateway.GatewayCleanup;
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
import dev.waitingroom.operator.route.RouteProtection;
import dev.waitingroom.operator.scope.Identity;
import dev.waitingroom.operator.scope.Leases;
import dev.waitingroom.operator.scope.Scope;
import dev.waitingroom.operator.scope.ScopeLoop;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.queue.redis.QueueRedis;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running operator. */
public final class OperatorProcess implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OperatorProcess.class);

    private static final Duration API_PAUSE = Duration.ofSeconds(2);

    private final RedisConnections connections;
    private final RedisWatch watch;
    private final Controllers controllers;
    private final AdminServer admin;
    private final OperatorMetrics metrics;
    private final Leases leases;
    private final ScopeLoop loop;
    private volatile boolean started;

    private OperatorProcess(OperatorSettings settings, KubernetesClient client, Runnable mustEnd) {
        var clock = InstantSource.system();
        var relay = new ReconcilerRelay();
        var resolver = new RedisResolver(client, installed(settings), clock);
        var events = new EventRecorder(client, settings.podName(), clock);
        connections = new RedisConnections(QueueRedis::connect);
        watch = new RedisWatch(relay, clock);
        var cleanup = new GatewayCleanup(client, connections);
        var gateways = new GatewayReconciler(
                client, resolver, connections, watch, events, clock, settings.gatewayImage(), cleanup);
        var removal = new LineRemoval(resolver, connections, cleanup);
        var routes = new RouteProtection(client, clock, settings.clusterDomain());
        var rooms = new RoomReconciler(
                client, new RoomSync(resolver, connections, watch), removal, routes, watch, events, clock);
        relay.start(rooms, gateways);

        metrics = new OperatorMetrics();
        controllers = new Controllers(client, metrics.reconciliations(), List.of(gateways, rooms));
        var identity = new Identity(settings.namespace() + "/" + settings.name(), settings.podName());
        leases = new Leases(client, settings.leaseNamespace(), identity, mustEnd);
        loop = new ScopeLoop(
                Scope.of(settings.watchNamespaces()),
                client,
                kinds(),
                leases,
                identity,
                new ScopedWork(new LeftRooms(client, removal, routes), mustEnd));
        loop.bindTo(metrics.registry());
        try {
            admin = AdminServer.start(
                    settings.bindAddress(),
                    settings.adminPort(),
                    () -> !started || controllers.areHealthy(),
                    () -> started && (controllers.isStarted() || loop.isReady()),
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

    /** Starts an operator that is alone, without leader election. */
    public static OperatorProcess start(OperatorSettings settings, KubernetesClient client) {
        return start(settings, client, () -> {});
    }

    /**
     * Starts an operator. With leader election this returns at once. Each namespace is served as soon as the operator has the rights there and
     * no other operator works there.
     *
     * @param client closed by the caller
     * @param mustEnd called if another operator may be at work, or the start failed: the process must end
     * @throws UncheckedIOException if the admin port is taken, or the file of the Redis CA cannot be read
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

    /** The port of health and metrics. */
    public int adminPort() {
        return admin.port();
    }

    /** Stops the operator. Waits some seconds at most for running reconciliations. Gateways and lines continue without it. */
    @Override
    public void close() {
        started = false;
        loop.close();
        controllers.stop();
        watch.close();
        connections.close();
        leases.close();
        admin.close();
        metrics.close();
    }

    /** The API is away while its server is upgraded. A pod that ends because of this restarts with growing delays, so we wait instead. */
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

    /** The work that the scope loop asks for. */
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
        controllers.serve(namespaces);
        LOGGER.atInfo()
                .addKeyValue(LogKeys.PORT, adminPort())
                .addKeyValue(LogKeys.NAMESPACE, namespaces.isEmpty() ? "all" : namespaces)
                .log("operator serves");
    }

    private static List<Class<? extends HasMetadata>> kinds() {
        var kinds = new ArrayList<Class<? extends HasMetadata>>(List.of(WaitingRoom.class, WaitingRoomGateway.class));
        kinds.addAll(GatewayReconciler.OWNED_KINDS);
        return kinds;
    }
}
