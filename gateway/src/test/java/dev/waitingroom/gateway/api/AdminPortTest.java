package dev.waitingroom.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.Answer;
import dev.waitingroom.gateway.TestGateway;
import dev.waitingroom.queue.room.RedisState;
import dev.waitingroom.queue.store.RedisFault;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminPortTest {
    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void metricsIncludeRooms() {
        gateway.registry.add("evt");
        gateway.post("/api/v1/queue/join", "{\"event_id\":\"evt\"}");

        Answer metrics = gateway.admin("/metrics");

        assertThat(metrics.header("Content-Type")).startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body().lines())
                .contains(
                        "waitingroom_visitors_waiting{event_id=\"evt\"} 11.0",
                        "waitingroom_sessions_active{event_id=\"evt\"} 7.0",
                        "waitingroom_joined_total{event_id=\"evt\"} 20.0",
                        "waitingroom_granted_total{event_id=\"evt\"} 5.0",
                        "waitingroom_left_total{event_id=\"evt\"} 2.0",
                        "waitingroom_expired_total{event_id=\"evt\"} 1.0",
                        "waitingroom_missed_total{event_id=\"evt\"} 1.0",
                        "waitingroom_redis_losses_total{event_id=\"evt\"} 2.0",
                        "waitingroom_admits_held{event_id=\"evt\"} 4.0",
                        "waitingroom_snapshot_age_seconds{event_id=\"evt\"} 0.125",
                        "waitingroom_policy_generation{event_id=\"evt\"} 3.0",
                        "waitingroom_calls_total{call=\"join\",event_id=\"evt\",outcome=\"joined\"} 1.0",
                        "waitingroom_build_info{version=\"1.2.3\"} 1",
                        "# TYPE waitingroom_joined_total counter",
                        "# TYPE waitingroom_visitors_waiting gauge")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"))
                .anyMatch(line -> line.startsWith("process_cpu_usage"));
    }

    @Test
    void roomThatIsNoLongerServedHasNoSeries() {
        gateway.registry.add("evt");
        gateway.post("/api/v1/queue/join", "{\"event_id\":\"evt\"}");
        assertThat(gateway.admin("/metrics").body()).contains("event_id=\"evt\"");

        gateway.registry.rooms.clear();

        assertThat(gateway.admin("/metrics").body()).doesNotContain("event_id=\"evt\"");
    }

    @Test
    void redisIsUpOnlyWhileItAnswers() {
        assertThat(gateway.admin("/metrics").body().lines())
                .contains("waitingroom_redis_up 1.0", "waitingroom_redis_last_answer_seconds 0.08");

        gateway.registry.silence = Duration.ofSeconds(3);

        assertThat(gateway.admin("/metrics").body().lines())
                .contains("waitingroom_redis_up 0.0", "waitingroom_redis_last_answer_seconds 3.0");
    }

    @Test
    void metricsShowThatRedisMayEvictKeys() {
        assertThat(gateway.admin("/metrics").body().lines()).contains("waitingroom_redis_evicting 0.0");

        gateway.registry.redis = new RedisState(Optional.empty(), Optional.of("allkeys-lru"), true);

        assertThat(gateway.admin("/metrics").body().lines()).contains("waitingroom_redis_evicting 1.0");
    }

    @Test
    void probeNamesTheFaultOfRedisWhileStarting() {
        gateway.registry.ready = false;
        gateway.registry.redis = new RedisState(Optional.of(RedisFault.COMMAND_REFUSED), Optional.empty(), false);

        assertThat(gateway.admin("/readyz").text("detail"))
                .isEqualTo("not all rooms have been read yet: CommandRefused");
    }

    @Test
    void requestsAreTimedByRouteWithBoundedLabels() {
        gateway.get("/wp-login.php");
        gateway.send("BREW", "/coffee-pot", "");
        gateway.get("/version");

        assertThat(gateway.admin("/metrics").body().lines())
                .contains(
                        "http_server_request_duration_seconds_count{method=\"GET\",route=\"unmatched\",status=\"4xx\"} 1",
                        "http_server_request_duration_seconds_count{method=\"other\",route=\"unmatched\",status=\"4xx\"} 1",
                        "http_server_request_duration_seconds_count{method=\"GET\",route=\"/version\",status=\"2xx\"} 1")
                .noneMatch(line -> line.contains("wp-login") || line.contains("BREW"));
    }

    @Test
    void probesShowTheStateOfTheProcess() {
        gateway.registry.ready = false;
        assertThat(gateway.admin("/healthz").status()).isEqualTo(200);
        assertThat(gateway.admin("/readyz").text("code")).isEqualTo("STARTING");
        gateway.registry.ready = true;
        assertThat(gateway.admin("/readyz").status()).isEqualTo(200);
        gateway.health.drain();
        assertThat(gateway.admin("/readyz").text("code")).isEqualTo("DRAINING");
        assertThat(gateway.get("/readyz").status()).isEqualTo(503);
        assertThat(gateway.admin("/healthz").status()).isEqualTo(200);
    }

    @Test
    void apiIsNotServedOnTheAdminPort() {
        assertThat(gateway.admin("/api/v1/queue/status").status()).isEqualTo(404);
    }
}
