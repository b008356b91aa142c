package dev.waitingroom.operator.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.waitingroom.queue.GatewayId;
import dev.waitingroom.queue.redis.QueueRedis;
import dev.waitingroom.queue.redis.RedisSettings;
import dev.waitingroom.queue.store.GatewayControl;
import dev.waitingroom.queue.store.RedisFault;
import dev.waitingroom.queue.store.RedisUnavailableException;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisConnectionsTest {
    private static final GatewayId FIRST = new GatewayId("shop", "first");
    private static final GatewayId SECOND = new GatewayId("shop", "second");
    private static final RedisLocation SLOW = location("redis://slow");
    private static final RedisLocation FAST = location("redis://fast");
    private static final RedisLocation STARTING = location("redis://starting");
    private static final RedisLocation REFUSING = location("redis://refusing");
    private static final RedisLocation INVALID = location("redis://invalid");

    private final CountDownLatch slowAsked = new CountDownLatch(1);
    private final CountDownLatch slowAnswers = new CountDownLatch(1);
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final List<String> opened = new CopyOnWriteArrayList<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final Map<QueueRedis, String> urls = new ConcurrentHashMap<>();
    private final RedisConnections connections = new RedisConnections(this::open);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        slowAnswers.countDown();
        threads.close();
        connections.close();
    }

    @Test
    void aRedisThatDoesNotAnswerHoldsUpNoOtherGateway() throws Exception {
        Future<QueueRedis> slow = threads.submit(() -> connections.connect(FIRST, SLOW));
        slowAsked.await();

        QueueRedis fast = inTime(threads.submit(() -> connections.connect(SECOND, FAST)));

        assertThat(urls).containsEntry(fast, "redis://fast");
        assertThat(inTime(threads.submit(() -> connections.last(SECOND)))).contains(fast);
        assertThat(inTime(threads.submit(() -> connections.last(FIRST)))).isEmpty();
        inTime(threads.submit(() -> connections.forget(SECOND)));
        assertThat(closed).containsExactly("redis://fast");
        assertThat(slow).isNotDone();
    }

    @Test
    void gatewaysShareTheConnectionToOneRedisThoughItIsStillBeingOpened() throws Exception {
        Future<QueueRedis> one = threads.submit(() -> connections.connect(FIRST, SLOW));
        slowAsked.await();
        Future<QueueRedis> two = threads.submit(() -> connections.connect(SECOND, SLOW));

        slowAnswers.countDown();

        assertThat(inTime(one)).isSameAs(inTime(two));
        assertThat(opened).containsExactly("redis://slow");
        connections.forget(FIRST);
        assertThat(closed).as("the second gateway uses it").isEmpty();
        connections.forget(SECOND);
        assertThat(closed).containsExactly("redis://slow");
    }

    @Test
    void aGatewayThatMovesToAnotherRedisClosesTheFormerOne() {
        connections.connect(FIRST, FAST);

        QueueRedis redis = connections.connect(FIRST, location("redis://other"));

        assertThat(closed).containsExactly("redis://fast");
        assertThat(connections.last(FIRST)).contains(redis);
    }

    @Test
    void aGatewayKeepsItsConnectionWhenItsNewLocationIsInvalid() {
        QueueRedis redis = connections.connect(FIRST, FAST);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> connections.connect(FIRST, INVALID))
                .withMessage("invalid");

        assertThat(connections.last(FIRST)).contains(redis);
        assertThat(closed).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> connections.connect(SECOND, INVALID));
        assertThat(opened)
                .as("each call tries again")
                .containsExactly("redis://fast", "redis://invalid", "redis://invalid");
    }

    @Test
    void aConnectionThatOpensLateIsWaitedFor() {
        unanswered.set(30);

        connections.connect(FIRST, STARTING);

        assertThat(unanswered).as("the first answer").hasValue(-1);
    }

    @Test
    void aRedisThatRefusesIsAskedOnce() {
        connections.connect(FIRST, REFUSING);

        assertThat(refused).hasValue(1);
    }

    /** The limit only ends a test that fails: nothing is asserted about the duration. */
    private static <T> T inTime(Future<T> result) throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(10, TimeUnit.SECONDS);
    }

    @SuppressWarnings("ReferenceEquality") // a stub equals itself alone
    private QueueRedis open(RedisSettings settings) {
        String url = settings.url();
        opened.add(url);
        if (url.equals(INVALID.url())) {
            throw new IllegalArgumentException("invalid");
        }
        GatewayControl control = stub(GatewayControl.class, (_, method, _) -> {
            if (method.getName().equals("rooms") && url.equals(SLOW.url())) {
                slowAsked.countDown();
                slowAnswers.await();
            }
            if (url.equals(STARTING.url()) && unanswered.getAndDecrement() > 0) {
                throw new RedisUnavailableException("not connected yet", new IOException());
            }
            if (url.equals(REFUSING.url())) {
                refused.incrementAndGet();
                throw new RedisUnavailableException(RedisFault.REFUSED, "OOM", new IOException());
            }
            return List.of();
        });
        QueueRedis redis = stub(QueueRedis.class, (self, method, arguments) -> switch (method.getName()) {
            case "gatewayControl" -> control;
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == arguments[0];
            case "toString" -> url;
            case "close" -> {
                closed.add(url);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
        urls.put(redis, url);
        return redis;
    }

    private static <T> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static RedisLocation location(String url) {
        return new RedisLocation(url, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
