package dev.waitingroom.bench.proxy;

import dev.waitingroom.gateway.session.Session;
import dev.waitingroom.gateway.session.SessionCodec;
import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.site.Protection;
import dev.waitingroom.queue.site.SiteSettings;
import dev.waitingroom.queue.site.SiteText;
import dev.waitingroom.queue.store.RoomRegistration;
import dev.waitingroom.queue.ticket.Ticket;
import dev.waitingroom.queue.ticket.TicketKeys;
import dev.waitingroom.testkit.redis.RedisProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;

/** A room in a Redis of its own that protects a service on this machine. */
final class ProtectedRoom implements AutoCloseable {
    static final GatewayId GATEWAY = new GatewayId("shop", "default");

    static final String EVENT = "load";
    private static final RoomId ROOM = new RoomId("shop", "load");
    private static final long INCARNATION = 1;
    private static final Duration HOUR = Duration.ofHours(1);

    private final RedisProcess redis;
    private final QueueRedis queue;

    private ProtectedRoom(RedisProcess redis, QueueRedis queue) {
        this.redis = redis;
        this.queue = queue;
    }

    /** @param port of the service */
    static ProtectedRoom open(int port) throws IOException {
        RedisProcess redis = RedisProcess.start();
        QueueRedis queue = QueueRedis.connect(RedisSettings.of(redis.url()));
        SiteText site = SiteText.of(site(port));
        Awaitility.await().ignoreExceptions().until(() -> {
            queue.gatewayControl().register(GATEWAY, new RoomRegistration(EVENT, ROOM, INCARNATION));
            queue.roomControl().apply(ROOM, policy(), Optional.of(site), true, 0);
            return true;
        });
        return new ProtectedRoom(redis, queue);
    }

    private static SiteSettings site(int port) {
        Protection all = Protection.DEFAULT;
        return new SiteSettings(
                Optional.of(new Protection(
                        Optional.of(new Protection.Service("127.0.0.1", port)),
                        all.hosts(),
                        all.paths(),
                        all.bypass(),
                        all.limits())),
                SiteSettings.DEFAULT.admitUnavailable(),
                SiteSettings.DEFAULT.session(),
                SiteSettings.DEFAULT.page());
    }

    private static Policy policy() {
        return new Policy(
                EVENT,
                INCARNATION,
                1,
                Mode.QUEUE,
                1,
                Duration.ofSeconds(1),
                1,
                HOUR,
                HOUR,
                OptionalLong.empty(),
                HOUR,
                "");
    }

    /** Stops Redis for good. */
    void stopRedis() {
        redis.kill();
    }

    String redisUrl() {
        return redis.url();
    }

    /** The {@code Cookie} of an admitted visitor, with more time than a new session has: it is not renewed. */
    static String cookie(TicketKeys keys) {
        Ticket ticket = new Ticket(EVENT, INCARNATION, 1, Instant.now(), Optional.empty());
        Session session = Session.of(ticket, Instant.now().plus(HOUR));
        return "wr-" + EVENT + "=" + new SessionCodec(keys).encode(session);
    }

    @Override
    public void close() {
        queue.close();
        redis.close();
    }
}
