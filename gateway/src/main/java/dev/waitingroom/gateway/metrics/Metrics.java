package dev.waitingroom.gateway.metrics;

import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.http.RequestMeter;
import dev.waitingroom.gateway.http.StreamEnd;
import dev.waitingroom.gateway.http.StreamMeter;
import dev.waitingroom.queue.room.RoomRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The metrics that Prometheus reads from this process. Thread-safe. */
public final class Metrics implements RequestMeter, CallMeter, StreamMeter, AutoCloseable {
    /** The media type of {@link #scrape}. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "DELETE", "OPTIONS");
    private static final Duration[] BUCKETS = java.util.stream.LongStream.of(
                    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
                    5_000_000)
            .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Request, Timer> timers = new ConcurrentHashMap<>();
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final LoadMeter load;
    private final Counter limited = Counter.builder("waitingroom.requests.limited")
            .description("Requests refused because their client exceeded its rate limit")
            .register(registry);
    private final Counter events = Counter.builder("waitingroom.stream.events")
            .description("Events sent on streams")
            .register(registry);
    private final Map<StreamEnd, Counter> streamEnds =
            Arrays.stream(StreamEnd.values()).collect(Collectors.toMap(Function.identity(), this::streamEnds));
    private final RoomMetrics rooms;

    public Metrics(RoomRegistry served, Build build, LoadMeter load) {
        this.load = load;
        this.rooms = new RoomMetrics(served);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new JvmInfoMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
        Gauge.builder("waitingroom.streams.open", load, LoadMeter::streams)
                .description("Streams of events that are open")
                .register(registry);
        registry.getPrometheusRegistry().register(rooms);
        registry.getPrometheusRegistry()
                .register(() -> InfoSnapshot.builder()
                        .name("waitingroom_build")
                        .help("The running build")
                        .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(Labels.of("version", build.version()))
                                .build())
                        .build());
    }

    private record Request(String route, String method, int statusClass) {}

    @Override
    public void record(String route, String method, int status, long nanos) {
        load.request();
        if (status == TOO_MANY_REQUESTS) {
            limited.increment();
        }
        // A caller may send any method, but the values of a label must be few.
        String bounded = METHODS.contains(method) ? method : "other";
        timers.computeIfAbsent(new Request(route, bounded, status / 100), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void count(String eventId, String call, String outcome) {
        rooms.count(eventId, call, outcome);
    }

    @Override
    public void streamOpened() {
        load.streamOpened();
    }

    @Override
    public void eventSent() {
        load.request();
        events.increment();
    }

    @Override
    public void streamEnded(StreamEnd why) {
        load.streamEnded();
        Objects.requireNonNull(streamEnds.get(why)).increment();
    }

    private Counter streamEnds(StreamEnd why) {
        return Counter.builder("waitingroom.streams.ended")
                .description("Streams of events that ended, by cause")
                .tag("cause", why.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Timer timer(Request request) {
        return Timer.builder("http.server.request.duration")
                .description("From a request's head to the end of its answer; an admit may be held for two seconds")
                .tag("route", request.route())
                .tag("method", request.method())
                .tag("status", request.statusClass() + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** All metrics in Prometheus' text format. Takes milliseconds. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
