package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Mode;
import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.store.RoomScripts.SegmentBits;
import dev.waitingroom.queue.store.SnapshotReply;
import dev.waitingroom.queue.ticket.Ticket;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A room with one who waits and one whose place is no longer there, on a Redis that says what the test has it say. */
class LiveRoomTest {
    private static final Policy POLICY =
            TestGateways.policy(1, Mode.QUEUE, 1, 1, Duration.ofSeconds(5), OptionalLong.empty());
    private static final Ticket TICKET =
            new Ticket(TestGateways.EVENT, POLICY.incarnation(), 1, Instant.EPOCH, Optional.empty());

    private static final Ticket ABSENT =
            new Ticket(TestGateways.EVENT, POLICY.incarnation(), 2, Instant.EPOCH, Optional.empty());

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger merges = new AtomicInteger();
    private final List<Long> beats = new CopyOnWriteArrayList<>();
    private final LiveRoom room = new LiveRoom(
            new RoomContext(TestGateways.ROOM, TestGateways.EVENT, "gw", scripts(), executor, System::nanoTime));
    private volatile CompletableFuture<Object> line = line(1, 7);

    @BeforeEach
    void read() {
        room.start();
        await().until(() -> room.policy().isPresent());
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void pollsAreToldInTheGenerationThatRedisIsInWhenItAnswersAgain() {
        line = CompletableFuture.failedFuture(
                new QueueRedisException(QueueRedisException.Kind.UNREACHABLE, "gone", new IllegalStateException()));
        awaitAsked(2); // of the first the answer is there, good or bad
        room.status(TICKET);
        awaitAsked(3);

        line = line(1, 20);

        await().until(() -> !beats.isEmpty());
        assertThat(beats.getFirst()).isEqualTo(20);
    }

    @Test
    void whoseRoomWasRemovedNoLongerPutsItsCopyBack() throws Exception {
        line = line(2, 1);
        await().until(() -> merges.get() > 1);

        room.close();

        afterAllOf(Duration.ofMillis(150)); // one may have been on its way
        int sent = merges.get();
        afterAllOf(Duration.ofMillis(300));
        assertThat(merges).hasValue(sent);
    }

    @Test
    void whatIsAnsweredAfterItsEndBeginsNothing() throws Exception {
        CompletableFuture<Object> late = new CompletableFuture<>();
        line = late;
        await().until(() -> late.getNumberOfDependents() > 0);

        room.close();
        late.complete(line(2, 1).join());

        afterAllOf(Duration.ZERO);
        assertThat(merges).hasValue(0);
    }

    @Test
    void whereATicketStandsIsAGuessOnlyWhileRedisIsAway() throws Exception {
        room.unsettled(ABSENT).orElseThrow().toCompletableFuture().get();

        assertThat(room.unsettled(ABSENT)).as("Redis answers, though not this").isPresent();
        line = CompletableFuture.failedFuture(
                new QueueRedisException(QueueRedisException.Kind.UNREACHABLE, "gone", new IllegalStateException()));
        await().until(() -> room.unsettled(ABSENT).isEmpty());
        line = line(1, 7);
        await().until(() -> room.unsettled(ABSENT).isPresent());
    }

    private void awaitAsked(int times) {
        int before = asked.get();
        await().until(() -> asked.get() >= before + times);
    }

    /** What is to be done within this time is done. */
    private void afterAllOf(Duration time) throws Exception {
        executor.schedule(() -> {}, time.toMillis(), TimeUnit.MILLISECONDS).get();
    }

    private static CompletableFuture<Object> line(long epoch, long generation) {
        return CompletableFuture.completedFuture(new Reply.Done<>(
                1_000_000,
                new SnapshotReply(
                        TestHeaders.of(epoch, ABSENT.number() + 1, POLICY, generation),
                        true,
                        1,
                        true,
                        List.of(),
                        List.of(new SegmentBits(0, new byte[] {0b0100_0000})))));
    }

    /** A line that can be read, and has no policy when anything is to be put back. */
    private RoomScripts scripts() {
        return (RoomScripts) Proxy.newProxyInstance(
                RoomScripts.class.getClassLoader(), new Class<?>[] {RoomScripts.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "snapshot" -> {
                            asked.incrementAndGet();
                            return line;
                        }
                        case "beat" -> beats.add((Long) arguments[1]);
                        case "merge" -> {
                            merges.incrementAndGet();
                            return CompletableFuture.completedFuture(new Reply.NoPolicy<>(1_000_000));
                        }
                        default -> {}
                    }
                    return new CompletableFuture<>(); // never answered
                });
    }
}
