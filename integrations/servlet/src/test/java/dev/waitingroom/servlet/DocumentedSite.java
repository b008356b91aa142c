package dev.waitingroom.servlet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.gateway.GatewayProcess;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.servlet.ShopKind.ShopServer;
import dev.waitingroom.testkit.docs.DocPage;
import dev.waitingroom.testkit.network.Proxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.yaml.snakeyaml.Yaml;

/**
 * What docs/protect/code.md tells its reader to build, made of the code on that page: the room, its gateway with a Redis, a shop, and the Ingress
 * before both.
 */
final class DocumentedSite implements AutoCloseable {
    static final DocPage PAGE = DocPage.read("code.md");
    static final String ROOM = "concert";

    private static final String GATEWAY = "default-gateway";
    private static final Map<String, Object> SPEC = Ingress.map(room().get("spec"));

    private final QueueRedis operator;
    private final GatewayProcess gateway;
    private final Proxy toGateway;
    private final ShopServer shop;
    private final Ingress ingress;
    private long generation;

    /** Opens the room as the page has it. */
    static DocumentedSite open(ShopKind kind, String redisUrl, Path directory) throws IOException {
        return new DocumentedSite(kind, redisUrl, directory, Mode.QUEUE, number("reservation", "ttlSeconds"));
    }

    /** Opens the room in this mode, with this time for reservations. */
    DocumentedSite(ShopKind kind, String redisUrl, Path directory, Mode mode, int reservationSeconds)
            throws IOException {
        operator = QueueRedis.connect(RedisSettings.of(redisUrl));
        apply(mode, reservationSeconds);
        gateway = gateway(redisUrl, directory);
        toGateway = new Proxy(gateway.httpPort());
        shop = kind.open(directory.resolve("shop"), "http://127.0.0.1:" + toGateway.port());
        ingress = new Ingress(
                PAGE.blockWith("yaml", "kind: Ingress"), Map.of(GATEWAY, toGateway.port(), "shop", shop.port()));
    }

    private static Map<String, Object> room() {
        return new Yaml().load(PAGE.blockWith("yaml", "kind: WaitingRoom"));
    }

    private static int number(String part, String name) {
        return (Integer) Objects.requireNonNull(Ingress.map(SPEC.get(part)).get(name), name);
    }

    /** Writes the room's policy, as the operator does. */
    void apply(Mode mode, int reservationSeconds) {
        Map<String, Object> metadata = Ingress.map(room().get("metadata"));
        String namespace = String.valueOf(metadata.get("namespace"));
        RoomId id = new RoomId(namespace, String.valueOf(metadata.get("name")));
        generation++;
        Policy policy = new Policy(
                id.name(),
                7,
                generation,
                mode,
                number("admission", "rate"),
                Duration.ofSeconds(1),
                number("admission", "burst"),
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                OptionalLong.empty(),
                Duration.ofSeconds(reservationSeconds),
                "");
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            operator.gatewayControl()
                    .register(
                            new GatewayId(namespace, "default"),
                            new RoomRegistration(id.name(), id, policy.incarnation()));
            operator.roomControl().apply(id, policy, generation == 1);
            return true;
        });
    }

    private static GatewayProcess gateway(String redisUrl, Path directory) throws IOException {
        Path keys = Files.createDirectories(directory.resolve("keys"));
        Files.writeString(keys.resolve("reservation-keys.json"), new JWKSet(FakeGateway.key("r1")).toString(false));
        try {
            Files.writeString(
                    keys.resolve("ticket-keys.json"),
                    new JWKSet(new OctetSequenceKeyGenerator(256).keyID("t1").generate()).toString(false));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return GatewayProcess.start(Map.of(
                "GATEWAY", Ingress.map(room().get("metadata")).get("namespace") + "/default",
                "POD_NAME", "a",
                "REDIS_URL", redisUrl,
                "KEYS_DIR", keys.toString(),
                "BIND_ADDRESS", "127.0.0.1",
                "HTTP_PORT", "0",
                "ADMIN_PORT", "0",
                "DRAIN_SECONDS", "0"));
    }

    /** Scheme, host and port of the shop, as visitors know them. */
    String url() {
        return ingress.url();
    }

    /** The connections to the gateway, of visitors and of the shop. */
    Proxy toGateway() {
        return toGateway;
    }

    @Override
    public void close() {
        ingress.close();
        shop.close();
        toGateway.close();
        gateway.close();
        operator.close();
    }
}
