package dev.waitingroom.chaos.acceptance;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import dev.waitingroom.dev.visitors.Behaviour;
import dev.waitingroom.dev.visitors.Crowd;
import dev.waitingroom.dev.visitors.VisitorClient;
import dev.waitingroom.queue.FleetId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.control.FleetRoom;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.testing.RedisProcess;
import dev.waitingroom.queue.ticket.TicketCodec;
import dev.waitingroom.queue.ticket.TicketKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A Redis, two gateway processes, and the operator's hand on their rooms. */
final class Site implements AutoCloseable {
    private static final FleetId FLEET = new FleetId("shop", "default");

    private final RedisProcess redis = RedisProcess.start();
    private final QueueRedis operator;
    private final TicketCodec codec;
    private final HttpClient http = HttpClient.newHttpClient();
    private final VisitorClient client = new VisitorClient(400, Duration.ofSeconds(6));
    private final List<GatewayChild> gateways;

    Site(Path directory) throws IOException, JOSEException {
        operator = QueueRedis.connect(
                new RedisSettings(redis.url(), Optional.empty(), Optional.empty(), Optional.empty()));
        Path keys = Files.createDirectories(directory.resolve("keys"));
        String ticketKeys = set(new OctetSequenceKeyGenerator(256).keyID("t1").generate());
        Files.writeString(keys.resolve("ticket-keys.json"), ticketKeys);
        Files.writeString(
                keys.resolve("reservation-keys.json"),
                set(new ECKeyGenerator(Curve.P_256).keyID("r1").generate()));
        codec = new TicketCodec(TicketKeys.parse(ticketKeys));
        gateways = List.of(
                GatewayChild.start("pod-1", FLEET.toString(), redis.url(), keys, directory),
                GatewayChild.start("pod-2", FLEET.toString(), redis.url(), keys, directory));
    }

    private static String set(JWK key) {
        return new JWKSet(key).toString(false);
    }

    RedisProcess redis() {
        return redis;
    }

    QueueRedis operator() {
        return operator;
    }

    List<GatewayChild> gateways() {
        return gateways;
    }

    List<URI> addresses() {
        return gateways.stream().map(GatewayChild::uri).toList();
    }

    VisitorClient client() {
        return client;
    }

    Recorder recorder() {
        return new Recorder(
                codec,
                address -> gateways.stream()
                        .filter(gateway -> Recorder.address(gateway.uri()).equals(address))
                        .findFirst()
                        .orElseThrow()
                        .name());
    }

    static RoomId room(Policy policy) {
        return new RoomId("shop", policy.eventId());
    }

    /** Makes the room, and waits until both gateways serve it. */
    void open(Policy policy) {
        apply(policy, true);
        awaitServed(policy.eventId());
    }

    void awaitServed(String eventId) {
        gateways.forEach(gateway -> gateway.awaitServes(http, eventId));
    }

    /** What the operator does when a room is applied, or its policy is not in Redis as it should be. */
    void apply(Policy policy, boolean newRoom) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            operator.roomControl().apply(room(policy), policy, newRoom);
            operator.fleetControl()
                    .register(FLEET, new FleetRoom(policy.eventId(), room(policy), policy.incarnation()));
            return true;
        });
    }

    void remove(Policy policy) throws Exception {
        operator.fleetControl().unregister(FLEET, policy.eventId(), room(policy));
        operator.roomControl().clear(room(policy));
    }

    Crowd crowd(Policy policy, Behaviour behaviour, Recorder recorder) {
        return Crowd.start(client, addresses(), policy.eventId(), behaviour, InstantSource.system(), recorder);
    }

    @Override
    public void close() {
        client.close();
        http.close();
        gateways.forEach(GatewayChild::close);
        operator.close();
        redis.revive();
        redis.close();
    }
}
