package dev.waitingroom.gateway.metrics;

import dev.waitingroom.queue.room.RoomFigures;
import dev.waitingroom.queue.room.RoomRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The metrics of rooms, made at each scrape, so that a room that is no longer served has none. Counters of a line belong to the room and
 * are the same from every gateway pod: take their max over pods, not their sum. Thread-safe.
 */
final class RoomMetrics implements MultiCollector {
    private static final Duration REDIS_UP_WITHIN = Duration.ofSeconds(2);

    private final RoomRegistry registry;
    private final Map<Call, LongAdder> calls = new ConcurrentHashMap<>();

    RoomMetrics(RoomRegistry registry) {
        this.registry = registry;
    }

    private record Call(String eventId, String call, String outcome) {}

    private record Served(String eventId, RoomFigures figures) {}

    void count(String eventId, String call, String outcome) {
        calls.computeIfAbsent(new Call(eventId, call, outcome), key -> new LongAdder())
                .increment();
    }

    @Override
    public MetricSnapshots collect() {
        List<Served> rooms = registry.rooms().stream()
                .map(room -> new Served(room.eventId(), room.figures()))
                .toList();
        Duration silence = registry.sinceRedisAnswered();
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(gauge("waitingroom_visitors_waiting", "Visitors waiting (max over pods)", rooms, RoomFigures::waiting));
        all.add(gauge(
                "waitingroom_sessions_active",
                "Active sessions in a room with maxActive (max over pods)",
                rooms,
                RoomFigures::active));
        all.add(counter("waitingroom_joined", "Tickets handed out (max over pods)", rooms, RoomFigures::joined));
        all.add(counter("waitingroom_granted", "Visitors admitted (max over pods)", rooms, RoomFigures::granted));
        all.add(counter("waitingroom_left", "Visitors who left (max over pods)", rooms, RoomFigures::left));
        all.add(counter(
                "waitingroom_expired", "Visitors who stopped polling (max over pods)", rooms, RoomFigures::expired));
        all.add(counter(
                "waitingroom_missed", "Visitors whose turn ran out (max over pods)", rooms, RoomFigures::missed));
        all.add(counter(
                "waitingroom_redis_losses",
                "Times that this pod found part of the room's line missing in Redis",
                rooms,
                RoomFigures::losses));
        all.add(gauge("waitingroom_admits_held", "Admits that this pod holds for a token", rooms, RoomFigures::held));
        all.add(gauge(
                "waitingroom_snapshot_age_seconds",
                "Age of this pod's copy of the line",
                rooms,
                f -> seconds(f.age())));
        all.add(gauge(
                "waitingroom_policy_generation",
                "The generation of the policy that this pod serves",
                rooms,
                RoomFigures::generation));
        all.add(calls(rooms));
        all.add(single(
                "waitingroom_redis_up",
                "Whether Redis answered within the last two seconds",
                silence.compareTo(REDIS_UP_WITHIN) <= 0 ? 1 : 0));
        all.add(single(
                "waitingroom_redis_evicting",
                "Whether Redis' maxmemory-policy lets it delete keys of a line: set it to noeviction",
                registry.redis().evicting() ? 1 : 0));
        all.add(single(
                "waitingroom_redis_last_answer_seconds", "Time since the last answer of Redis", seconds(silence)));
        return new MetricSnapshots(all);
    }

    private CounterSnapshot calls(List<Served> rooms) {
        Set<String> served = rooms.stream().map(Served::eventId).collect(Collectors.toSet());
        calls.keySet().removeIf(call -> !served.contains(call.eventId()));
        CounterSnapshot.Builder builder =
                CounterSnapshot.builder().name("waitingroom_calls").help("Visitors' calls to this pod, by outcome");
        calls.forEach((call, count) -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("event_id", call.eventId(), "call", call.call(), "outcome", call.outcome()))
                .value((double) count.sum())
                .build()));
        return builder.build();
    }

    private static GaugeSnapshot gauge(
            String name, String help, List<Served> rooms, ToDoubleFunction<RoomFigures> value) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
        rooms.forEach(room -> builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("event_id", room.eventId()))
                .value(value.applyAsDouble(room.figures()))
                .build()));
        return builder.build();
    }

    private static CounterSnapshot counter(
            String name, String help, List<Served> rooms, ToDoubleFunction<RoomFigures> value) {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
        rooms.forEach(room -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(Labels.of("event_id", room.eventId()))
                .value(value.applyAsDouble(room.figures()))
                .build()));
        return builder.build();
    }

    private static GaugeSnapshot single(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
