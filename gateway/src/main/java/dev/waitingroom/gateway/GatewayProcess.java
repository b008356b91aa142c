package dev.waitingroom.gateway;

import dev.waitingroom.gateway.admission.Crypto;
import dev.waitingroom.gateway.admission.KeyFile;
import dev.waitingroom.gateway.admission.ReservationIssuer;
import dev.waitingroom.gateway.admission.ReservationKeys;
import dev.waitingroom.gateway.admission.ReservationVerifier;
import dev.waitingroom.gateway.api.Health;
import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.config.Settings;
import dev.waitingroom.gateway.grpc.GrpcPort;
import dev.waitingroom.gateway.http.EventStreams;
import dev.waitingroom.gateway.http.StreamClock;
import dev.waitingroom.gateway.metrics.LoadMeter;
import dev.waitingroom.gateway.metrics.Metrics;
import dev.waitingroom.gateway.page.PageRoutes;
import dev.waitingroom.gateway.session.SessionIssuer;
import dev.waitingroom.queue.LogKeys;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.room.RoomRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway process. Thread-safe. */
public final class GatewayProcess implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(GatewayProcess.class);
    private static final Duration KEYS_REREAD = Duration.ofSeconds(1);

    private static final Duration ROOMS_READ = Duration.ofSeconds(1);

    private final Duration drain;
    private final GatewayHttp.Parts parts;
    private final GatewayPorts ports;
    private final Closers closers;
    private boolean closed;

    private GatewayProcess(Duration drain, GatewayHttp.Parts parts, GatewayPorts ports, Closers closers) {
        this.drain = drain;
        this.parts = parts;
        this.ports = ports;
        this.closers = closers;
    }

    /** Starts the registry of rooms. Tests replace it. */
    @FunctionalInterface
    interface RegistrySource {
        RoomRegistry start(Settings settings, Build build, LoadMeter load, Closers closers);
    }

    /**
     * Starts a gateway process, configured by its environment. Returns when its ports are open.
     *
     * @throws dev.waitingroom.queue.settings.SettingsException if a setting is invalid; the message names it and the fix
     */
    public static GatewayProcess start(Map<String, String> env) {
        return start(Settings.from(env), GatewayProcess::connect);
    }

    private static RoomRegistry connect(Settings settings, Build build, LoadMeter load, Closers closers) {
        QueueRedis redis = QueueRedis.connect(settings.redis());
        closers.add(redis::close);
        return RoomRegistry.start(redis, settings.gateway(), settings.pod(), build.version(), load);
    }

    static GatewayProcess start(Settings settings, RegistrySource source) {
        Closers closers = new Closers();
        try {
            return start(settings, source, closers);
        } catch (RuntimeException e) {
            closers.close();
            throw e;
        }
    }

    private static GatewayProcess start(Settings settings, RegistrySource source, Closers closers) {
        Build build = Build.current();
        Crypto crypto = Crypto.best();
        KeyFile<ReservationKeys> reservationKeys = new KeyFile<>(
                settings.keysDir().resolve("reservation-keys.json"), json -> ReservationKeys.parse(json, crypto));
        KeyFile<VisitorCodecs> ticketKeys =
                new KeyFile<>(settings.keysDir().resolve("ticket-keys.json"), VisitorCodecs::parse);
        ScheduledExecutorService rereading = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("keys").factory());
        closers.add(rereading::shutdownNow);
        var _ = rereading.scheduleWithFixedDelay(
                () -> {
                    reservationKeys.refresh();
                    ticketKeys.refresh();
                },
                KEYS_REREAD.toMillis(),
                KEYS_REREAD.toMillis(),
                TimeUnit.MILLISECONDS);

        LoadMeter load = LoadMeter.ofThisProcess(settings.clients().streams());
        RoomRegistry registry = source.start(settings, build, load, closers);
        closers.add(registry::close);
        awaitRooms(registry);
        Metrics metrics = new Metrics(registry, build, load);
        closers.add(metrics::close);
        EventStreams streams = new EventStreams(settings.clients(), metrics, StreamClock.SYSTEM);
        Health health = new Health(registry::ready, () -> registry.redis().fault());
        InstantSource clock = InstantSource.system();
        GatewayHttp.Parts parts = new GatewayHttp.Parts(
                registry,
                () -> ticketKeys.get().tickets(),
                new SessionIssuer(() -> ticketKeys.get().sessions(), clock),
                reservationKeys,
                new ReservationIssuer(settings.issuer(), reservationKeys, crypto.executor()),
                new ReservationVerifier(settings.issuer(), reservationKeys, clock),
                metrics,
                streams,
                health,
                build,
                new PageRoutes(
                        registry,
                        room -> room.site().page(),
                        () -> ticketKeys.get().handovers(),
                        clock),
                clock);

        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()));
        closers.add(
                () -> vertx.close().toCompletionStage().toCompletableFuture().join());
        GatewayPorts ports = GatewayPorts.open(vertx, settings, parts, closers);

        LOGGER.atInfo()
                .addKeyValue(LogKeys.GATEWAY, settings.gateway())
                .addKeyValue(LogKeys.POD, settings.pod())
                .addKeyValue(LogKeys.VERSION, build.version())
                .addKeyValue(LogKeys.HTTP_PORT, ports.http().port())
                .addKeyValue(LogKeys.ADMIN_PORT, ports.admin().port())
                .addKeyValue(
                        LogKeys.GRPC_PORT,
                        ports.grpc().map(port -> Integer.toString(port.port())).orElse("off"))
                .addKeyValue(LogKeys.TRANSPORT, vertx.isNativeTransportEnabled() ? "native" : "nio")
                .addKeyValue(LogKeys.CRYPTO, crypto.name())
                .log("gateway started");
        return new GatewayProcess(settings.drain(), parts, ports, closers);
    }

    /** Waits a moment, so that the first probe of a normal start succeeds. Without Redis the ports open nevertheless. */
    private static void awaitRooms(RoomRegistry registry) {
        long end = System.nanoTime() + ROOMS_READ.toNanos();
        while (!registry.ready() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** The port of the API. */
    public int httpPort() {
        return ports.http().port();
    }

    /** The port of metrics and probes. */
    public int adminPort() {
        return ports.admin().port();
    }

    /** The port of the route check over gRPC, if it is served. */
    public OptionalInt grpcPort() {
        return ports.grpc().stream().mapToInt(GrpcPort::port).findFirst();
    }

    /**
     * Shuts down. The process reports that it is not ready and serves for DRAIN_SECONDS, so that load balancers notice, and ends
     * its streams meanwhile. Then it completes the requests in flight and stops. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        parts.health().drain();
        parts.streams().drain(drain);
        LOGGER.atInfo().addKeyValue(LogKeys.SECONDS, drain.toSeconds()).log("draining");
        try {
            Thread.sleep(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closers.close();
        LOGGER.info("gateway stopped");
    }
}
