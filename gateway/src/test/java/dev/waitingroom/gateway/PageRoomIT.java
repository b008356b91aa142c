package dev.waitingroom.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.gateway.admission.Keys;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.testkit.browser.BrowserExtension;
import dev.waitingroom.testkit.browser.Tab;
import dev.waitingroom.testkit.network.Proxy;
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

    @RegisterExtension
    static final BrowserExtension BROWSER = new BrowserExtension();

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
        return gateway("a");
    }

    private GatewayProcess gateway(String pod) {
        return GatewayProcess.start(Map.of(
                "GATEWAY",
                GATEWAY.toString(),
                "POD_NAME",
                pod,
                "REDIS_URL",
                REDIS.url(),
                "KEYS_DIR",
                keys.toString(),
                "BIND_ADDRESS",
                "127.0.0.1",
                "HTTP_PORT",
                "0",
                "ADMIN_PORT",
                "0",
                "DRAIN_SECONDS",
                "0"));
    }

    @Test
    void visitorWaitsThroughAHoldAndAnOutageAndIsIn() {
        try (QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.HOLD);
            try (GatewayProcess gateway = gateway();
                    Tab tab = BROWSER.visitor()) {
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

    private static String page(int port) {
        return "http://127.0.0.1:" + port + "/waiting/evt?return=/version";
    }

    private static String position(Tab tab) {
        return tab.text("document.getElementById('wr-position').textContent");
    }

    private static String state(Tab tab) {
        return tab.text("document.getElementById('wr').dataset.state");
    }

    @Test
    void thirtySecondsOfflineAndThirtySecondsWithoutRedisLoseNoPlace() {
        try (QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.HOLD);
            try (GatewayProcess gateway = gateway();
                    Proxy network = new Proxy(gateway.httpPort());
                    Tab online = BROWSER.visitor();
                    Tab train = BROWSER.visitor()) {
                online.go(page(gateway.httpPort()));
                online.awaitState("hold");
                train.go(page(network.port()));
                train.awaitState("hold");
                train.await("document.getElementById('wr-position').textContent === '2'");

                REDIS.redis().kill();
                train.offline(true);
                network.mode(new Proxy.Mode.Refused());
                online.awaitState("away");
                train.awaitState("offline");
                Awaitility.await()
                        .pollInterval(Duration.ofSeconds(1))
                        .during(Duration.ofSeconds(30))
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> {
                            assertThat(state(online)).isEqualTo("away");
                            assertThat(position(online)).isEqualTo("1");
                            assertThat(state(train)).isEqualTo("offline");
                            assertThat(position(train)).isEqualTo("2");
                        });

                REDIS.redis().revive();
                open(operator, 2, Mode.HOLD); // Redis came back empty
                network.heal();
                train.offline(false);
                online.awaitState("hold");
                train.awaitState("hold");
                assertThat(position(online)).isEqualTo("1");
                assertThat(position(train)).isEqualTo("2");

                open(operator, 3, Mode.QUEUE);
                online.await("location.pathname === '/version'");
                train.await("location.pathname === '/version'");
            } finally {
                REDIS.redis().revive();
            }
        }
    }

    @Test
    void placeGoesOnOnAnotherDeviceThroughAnotherGateway() {
        try (QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.HOLD);
            try (GatewayProcess one = gateway("a");
                    GatewayProcess two = gateway("b");
                    Tab earlier = BROWSER.visitor();
                    Tab laptop = BROWSER.visitor();
                    Tab phone = BROWSER.visitor();
                    Tab thief = BROWSER.visitor()) {
                earlier.go(page(one.httpPort()));
                earlier.awaitState("hold");
                laptop.go(page(one.httpPort()));
                laptop.awaitState("hold");
                laptop.click("#wr-handover summary");
                laptop.await("document.getElementById('wr-link').href.includes('code=')");
                String link = laptop.text("document.getElementById('wr-link').href")
                        .replace(":" + one.httpPort() + "/", ":" + two.httpPort() + "/");

                phone.scripts(false);
                phone.go(link);
                phone.awaitState("takeover");
                phone.press("Tab", 9);
                phone.press("Enter", 13);
                phone.awaitState("hold");
                assertThat(position(phone)).isEqualTo("2");
                laptop.awaitState("moved");
                laptop.reload();
                laptop.awaitState("moved");

                thief.go(link);
                thief.awaitState("takeover"); // only the button finds out that the code was used
                thief.click("#wr-button");
                thief.awaitState("link");

                laptop.click("#wr-button");
                laptop.awaitState("hold");
                assertThat(position(laptop)).isEqualTo("2");
                phone.awaitState("moved"); // by the refresh

                open(operator, 2, Mode.QUEUE);
                laptop.await("location.pathname === '/version'");
            }
        }
    }

    @Test
    void firstVisitorOfAnEmptyRoomNeedNotWait() {
        try (QueueRedis operator = QueueRedis.connect(RedisSettings.of(REDIS.url()))) {
            open(operator, 1, Mode.QUEUE);
            try (GatewayProcess gateway = gateway();
                    Tab tab = BROWSER.visitor()) {
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
