package dev.waitingroom.operator.deletion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyedLockTest {
    private static final String LET_GO = "let go";

    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final KeyedLock locks =
            new KeyedLock(object -> released.contains(object.getMetadata().getUid()));

    @Test
    void worksOnOneNameWaitForEachOther() throws Exception {
        var inside = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var waiting = new AtomicReference<Thread>();
        ThreadFactory threads = work -> {
            var thread = new Thread(work);
            waiting.set(thread);
            return thread;
        };
        try (var first = Executors.newSingleThreadExecutor();
                var second = Executors.newSingleThreadExecutor(threads)) {
            Future<String> old = first.submit(() -> locks.take(room("sale", "old"), LET_GO, () -> {
                inside.countDown();
                until(end);
                return "old";
            }));
            inside.await();

            Future<String> other = second.submit(() -> locks.take(room("sale", "new"), LET_GO, () -> "new"));

            await().until(() -> waiting.get().getState() == Thread.State.WAITING);
            assertThat(locks.take(room("concert", "concert"), LET_GO, () -> "not held up"))
                    .isEqualTo("not held up");
            assertThat(other.isDone()).isFalse();
            end.countDown();
            assertThat(old.get()).isEqualTo("old");
            assertThat(other.get()).isEqualTo("new");
        }
    }

    @Test
    void workForAReleasedObjectIsSkipped() throws Exception {
        var inside = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> cleanup = threads.submit(() -> locks.take(room("sale", "old"), LET_GO, () -> {
                inside.countDown();
                until(end);
                released.add("old");
                return "cleaned up";
            }));
            inside.await();

            Future<String> late = threads.submit(() -> locks.take(room("sale", "old"), LET_GO, () -> "done again"));
            end.countDown();

            assertThat(cleanup.get()).isEqualTo("cleaned up");
            assertThat(late.get()).isEqualTo(LET_GO);
        }
    }

    @Test
    void aFailureReleasesTheLock() {
        assertThatThrownBy(() -> locks.take(room("sale", "sale"), LET_GO, () -> {
                    throw new IllegalStateException("as it does");
                }))
                .hasMessage("as it does");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.submit(() -> locks.take(room("sale", "sale"), LET_GO, () -> "next")))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo("next");
        }
    }

    @Test
    void neverTwoAtOnce() throws InterruptedException, ExecutionException {
        var counts = new int[] {0, 0};
        try (var threads = Executors.newFixedThreadPool(8)) {
            var works = IntStream.range(0, 20_000)
                    .mapToObj(i ->
                            threads.submit(() -> locks.take(room("room-" + i % 2, "r"), 0, () -> ++counts[i % 2])))
                    .toList();
            for (Future<Integer> work : works) {
                work.get();
            }
        }
        assertThat(counts).containsExactly(10_000, 10_000);
    }

    private static ConfigMap room(String name, String uid) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withUid(uid)
                .endMetadata()
                .build();
    }

    private static void until(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
