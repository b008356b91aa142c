package dev.waitingroom.gateway;

import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.gateway.browser.Chromium;
import dev.waitingroom.gateway.browser.Tab;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.redis.RedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page in Chromium over a gateway process, the real queue and a real Redis. */
class PageRoomIT {
    private static final String EVENT = "evt";
    private static final GatewayId GATEWAY = new GatewayId("default", "default");
    private static final RoomId ROOM = new RoomId("default", "concert");

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path keys;

    @BeforeEach
    void writeKeys() throws IOException {
        Files.writeString(keys.resolve("ticket-keys.json"), Keys.set(Keys.ticket("t1")));
        Files.writeString(keys.resolve("reservation-keys.json"), Keys.set(Keys.reservation("r1")));
    }

    private static void open(QueueRedis operator, long generation, Mode mode) {
        Policy policy = new Policy(
                EVENT,
                7,
                generation,
                mode,
                10,
                Duration.ofSeconds(1),
                10,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                OptionalLong.empty(),
                Duration.ofMinutes(2),
                "");
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            operator.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, policy.incarnation()));
            operator.roomControl().apply(ROOM, policy, generation == 1);
            return true;
        });
    }

    private GatewayProcess gateway() {
        return GatewayProcess.start(Map.of(
                "GATEWAY", GATEWAY.toString(),
                "POD_NAME", "a",
                "REDIS_URL", REDIS.url(),
                "KEYS_DIR", keys.toString(),
                "BIND_ADDRESS", "127.0.0.1",
                "HTTP_PORT", "0",
                "ADMIN_PORT", "0",
                "DRAIN_SECONDS", "0"));
    }

    @Test
    void visitorWaitsThroughAHoldAndAnOutageAndIsIn() {
        try (Chromium browser = Chromium.startOrSkip();
                QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.HOLD);
            try (GatewayProcess gateway = gateway();
                    Tab tab = browser.visitor()) {
                String page = "http://127.0.0.1:" + gateway.httpPort() + "/waiting/evt?return=/version";

                tab.go(page);
                tab.awaitState("hold");
                tab.await("document.getElementById('wr-position').textContent === '1'");

                REDIS.redis().pause();
                tab.awaitState("away");
                tab.await("document.getElementById('wr-position').textContent === '1'");
                REDIS.redis().resume();
                tab.awaitState("hold");

                open(operator, 2, Mode.QUEUE);
                tab.await("location.pathname === '/version'");

                tab.go(page);
                tab.awaitState("ready");
                tab.click("#wr-button");
                tab.await("location.pathname === '/version'");
            } finally {
                REDIS.redis().revive();
            }
        }
    }

    @Test
    void firstVisitorOfAnEmptyRoomNeedNotWait() {
        try (Chromium browser = Chromium.startOrSkip();
                QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.QUEUE);
            try (GatewayProcess gateway = gateway();
                    Tab tab = browser.visitor()) {
                tab.scripts(false);
                tab.go("http://127.0.0.1:" + gateway.httpPort() + "/waiting/evt?return=/version");
                tab.await("document.getElementById('wr').dataset.state === 'join'");
                tab.press("Tab", 9);
                tab.press("Enter", 13);
                tab.await("location.pathname === '/version'");
            }
        }
    }
}
