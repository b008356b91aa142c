package dev.waitingroom.queue.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.queue.RoomId;
import dev.waitingroom.queue.room.TicketOutcomes.Outcome;
import dev.waitingroom.queue.store.Change;
import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.Reply;
import dev.waitingroom.queue.store.RoomScripts;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrantReaderTest {
    private static final int PAGE_TICKETS = 1_016;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final TicketOutcomes outcomes = new TicketOutcomes();
    private final List<String> asked = new ArrayList<>();
    private final List<CompletableFuture<Object>> answers = new ArrayList<>();
    private int read;
    private final GrantReader reader = new GrantReader(loop(), outcomes, () -> read++);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void readsTheLatestPagesFirstAndTeachesThemAtTheEnd() throws Exception {
        goOn();
        answer(pages(20));
        answer(granted(100, 200));
        assertThat(outcomes.of(100)).isEmpty();
        answer(granted(7, 8));

        assertThat(asked).containsExactly("list", "5..20", "1..4");
        assertThat(outcomes.of(7)).contains(new Outcome.Granted(7));
        assertThat(outcomes.of(200)).contains(new Outcome.Granted(200));
        assertThat(read).isOne();
    }

    @Test
    void isDoneAtOnceWhereNobodyWasAdmitted() throws Exception {
        goOn();
        answer(new long[0]);
        goOn();

        assertThat(asked).containsExactly("list");
        assertThat(read).isOne();
    }

    @Test
    void asksAgainWhereACallFailed() throws Exception {
        goOn();
        fail();
        goOn();
        answer(pages(1));
        fail();
        assertThat(read).isZero();
        goOn();
        answer(granted(1));

        assertThat(asked).containsExactly("list", "list", "1..1", "1..1");
        assertThat(outcomes.of(1)).isPresent();
        assertThat(read).isOne();
    }

    @Test
    void oneCallIsUnderWayAtATime() throws Exception {
        goOn();
        goOn();

        assertThat(asked).containsExactly("list");
    }

    @Test
    void readsNoMoreThanIsKeptAndTheOldestAreForgotten() throws Exception {
        goOn();
        answer(pages(1_000));
        int slice = RoomScripts.SLICE_PAGES * PAGE_TICKETS;
        int slices = 0;
        long ticket = 1_000L * PAGE_TICKETS;
        while (read == 0) {
            ticket -= slice;
            slices++;
            answer(granted(LongStream.range(ticket, ticket + slice).toArray()));
        }

        assertThat(slices).isEqualTo((TicketOutcomes.CAPACITY + slice - 1) / slice);
        assertThat(outcomes.of(ticket)).as("the oldest of all that was read").isEmpty();
        assertThat(outcomes.of(1_000L * PAGE_TICKETS - TicketOutcomes.CAPACITY)).isPresent();
        assertThat(outcomes.of(1_000L * PAGE_TICKETS - 1)).isPresent();
    }

    @Test
    void whereItEndsEarlyItTeachesWhatItRead() throws Exception {
        goOn();
        answer(pages(40));
        answer(granted(40));
        on(reader::end);
        answer(granted(24));
        goOn();

        assertThat(outcomes.of(40)).isPresent();
        assertThat(outcomes.of(24)).isEmpty();
        assertThat(asked).hasSize(3);
        assertThat(read).isZero();
    }

    private static long[] pages(int count) {
        return LongStream.rangeClosed(1, count).toArray();
    }

    /** Each at the time of its number. */
    private static Change.Granted granted(long... tickets) {
        return new Change.Granted(tickets, tickets.clone());
    }

    private void goOn() throws Exception {
        on(() -> reader.goOn(0));
    }

    private void answer(Object value) throws Exception {
        answers.getLast().complete(new Reply.Done<>(1, value));
        on(() -> {});
    }

    private void fail() throws Exception {
        answers.getLast()
                .completeExceptionally(new QueueRedisException(
                        QueueRedisException.Kind.UNREACHABLE, "gone", new IllegalStateException()));
        on(() -> {});
    }

    /** Runs on the loop, after all that is due there. */
    private void on(Runnable task) throws ExecutionException, InterruptedException {
        executor.submit(task).get();
    }

    /** Of a room whose scripts answer when the test says so. */
    private RoomContext loop() {
        RoomScripts scripts = (RoomScripts) Proxy.newProxyInstance(
                RoomScripts.class.getClassLoader(), new Class<?>[] {RoomScripts.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "grantPages" -> asked.add("list");
                        case "grants" -> {
                            long[] pages = (long[]) arguments[0];
                            asked.add(
                                    pages[0] + ".." + Arrays.stream(pages).max().orElseThrow());
                        }
                        default -> throw new AssertionError("nobody is to call " + method.getName());
                    }
                    answers.add(new CompletableFuture<>());
                    return answers.getLast();
                });
        return new RoomContext(new RoomId("shop", "concert"), "evt", "gw", scripts, executor, System::nanoTime);
    }
}
