package dev.waitingroom.operator;

import dev.waitingroom.operator.fleet.FleetReconciler;
import dev.waitingroom.operator.ops.AdminServer;
import dev.waitingroom.operator.ops.EventRecorder;
import dev.waitingroom.operator.ops.LogKeys;
import dev.waitingroom.operator.redis.InstalledRedis;
import dev.waitingroom.operator.redis.RedisConnections;
import dev.waitingroom.operator.redis.RedisLocation;
import dev.waitingroom.operator.redis.RedisResolver;
import dev.waitingroom.operator.room.LineRemoval;
import dev.waitingroom.operator.room.RoomReconciler;
import dev.waitingroom.operator.room.RoomSync;
import dev.waitingroom.operator.watch.RedisWatch;
import dev.waitingroom.operator.watch.WatchListener;
import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.redis.QueueRedis;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
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
    private final JvmGcMetrics gcMetrics;
    private final Optional<Leadership> leadership;
    private volatile boolean started;

    /** What the watch sees goes to the reconcilers, which exist only after it. */
    private static final class Relay implements WatchListener {
        private volatile @Nullable RoomReconciler rooms;
        private volatile @Nullable FleetReconciler fleets;

        void to(RoomReconciler rooms, FleetReconciler fleets) {
            this.rooms = rooms;
            this.fleets = fleets;
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
        public void fleetChanged(FleetId fleet) {
            if (fleets != null) {
                fleets.fleetChanged(fleet);
            }
        }

        @Override
        public void reachabilityChanged(FleetId fleet) {
            fleetChanged(fleet);
            if (rooms != null) {
                rooms.fleetChanged(fleet);
            }
        }
    }

    private OperatorProcess(OperatorSettings settings, KubernetesClient client, Runnable leadershipLost) {
        var clock = InstantSource.system();
        var relay = new Relay();
        var resolver = new RedisResolver(client, installed(settings), clock);
        var events = new EventRecorder(client, settings.podName(), clock);
        connections = new RedisConnections(QueueRedis::connect);
        watch = new RedisWatch(relay, clock);
        var fleets = new FleetReconciler(client, resolver, connections, watch, events, clock, settings.gatewayImage());
        var rooms = new RoomReconciler(
                client,
                new RoomSync(resolver, connections, watch),
                new LineRemoval(resolver, connections, fleets),
                watch,
                events,
                clock);
        relay.to(rooms, fleets);

        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        gcMetrics = new JvmGcMetrics();
        gcMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        leadership = settings.leaderElection()
                ? Optional.of(new Leadership(client, settings.namespace(), settings.podName()))
                : Optional.empty();
        operator = new Operator(configuration -> configure(configuration, settings, client, leadershipLost)
                .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry)));
        operator.register(fleets, configuration -> restrict(configuration, settings));
        operator.register(rooms, configuration -> restrict(configuration, settings));
        try {
            admin = AdminServer.start(
                    settings.bindAddress(), settings.adminPort(), this::healthy, () -> started, registry::scrape);
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
     * Starts it; with leader election, it is at work when it leads.
     *
     * @param client stays the caller's to close
     * @param leadershipLost called when another may be at work: the process must end
     * @throws UncheckedIOException where the admin port or the Redis authority's file cannot be had
     */
    public static OperatorProcess start(OperatorSettings settings, KubernetesClient client, Runnable leadershipLost) {
        var process = new OperatorProcess(settings, client, leadershipLost);
        process.watch.start();
        awaitApi(client);
        process.operator.start();
        process.started = true;
        LOGGER.atInfo()
                .addKeyValue(LogKeys.PORT, process.adminPort())
                .addKeyValue(
                        LogKeys.NAMESPACE, settings.watchNamespaces().isEmpty() ? "all" : settings.watchNamespaces())
                .log("operator started");
        return process;
    }

    /** Where health and metrics are. */
    public int adminPort() {
        return admin.port();
    }

    /** Ends it: reconciliations under way are waited for, some seconds at most. Fleets and lines go on without it. */
    @Override
    public void close() {
        started = false;
        operator.stop();
        watch.close();
        connections.close();
        leadership.ifPresent(Leadership::release);
        admin.close();
        gcMetrics.close();
    }

    /** An informer that has lost the API connects again by itself; one that has ended does not. */
    private boolean healthy() {
        return !started
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

    private static ConfigurationServiceOverrider configure(
            ConfigurationServiceOverrider configuration,
            OperatorSettings settings,
            KubernetesClient client,
            Runnable leadershipLost) {
        configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                // Finalizer and status are patched; only a fleet's own objects are applied.
                .withUseSSAToPatchPrimaryResource(false);
        if (settings.leaderElection()) {
            configuration.withLeaderElectionConfiguration(new LeaderElectionConfiguration(
                    Leadership.LEASE,
                    settings.namespace(),
                    LeaderElectionConfiguration.LEASE_DURATION_DEFAULT_VALUE,
                    LeaderElectionConfiguration.RENEW_DEADLINE_DEFAULT_VALUE,
                    LeaderElectionConfiguration.RETRY_PERIOD_DEFAULT_VALUE,
                    settings.podName(),
                    new LeaderCallbacks(
                            () -> {},
                            leadershipLost,
                            leader -> LOGGER.atInfo()
                                    .addKeyValue(LogKeys.LEADER, leader)
                                    .log("leader elected")),
                    false)); // the SDK's own exit would wait for the shutdown that it is part of
        }
        return configuration;
    }

    private static <T extends HasMetadata> void restrict(
            ControllerConfigurationOverrider<T> configuration, OperatorSettings settings) {
        configuration.withRetry(new GenericRetry()
                .setInitialInterval(500)
                .setIntervalMultiplier(2)
                .setMaxInterval(30_000)
                .withoutMaxAttempts());
        if (!settings.watchNamespaces().isEmpty()) {
            configuration.settingNamespaces(settings.watchNamespaces());
        }
    }
}
