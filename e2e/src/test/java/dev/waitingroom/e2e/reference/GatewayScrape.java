package dev.waitingroom.e2e.reference;

import dev.waitingroom.gateway.config.Build;
import dev.waitingroom.gateway.metrics.LoadMeter;
import dev.waitingroom.gateway.metrics.Metrics;
import dev.waitingroom.queue.room.RedisState;
import dev.waitingroom.queue.room.Room;
import dev.waitingroom.queue.room.RoomFigures;
import dev.waitingroom.queue.room.RoomRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a gateway process shows Prometheus: its own registry, over one room with one call. */
final class GatewayScrape {
    private static final String EVENT = "event";

    private GatewayScrape() {}

    static String text() {
        var figures = new RoomFigures(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);
        Room room = answering(Room.class, Map.of("eventId", EVENT, "figures", figures));
        RoomRegistry rooms = answering(
                RoomRegistry.class,
                Map.of("rooms", List.of(room), "sinceRedisAnswered", Duration.ZERO, "redis", RedisState.UNKNOWN));
        try (var metrics = new Metrics(rooms, Build.current(), LoadMeter.ofThisProcess(10))) {
            metrics.count(EVENT, "join", "joined");
            metrics.record("/version", "GET", 200, 1);
            return metrics.scrape();
        }
    }

    /** One whose methods answer what is told for their names; metrics ask nothing else. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return answer;
                }));
    }
}
