package dev.waitingroom.e2e;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Visitors of a room that admits nobody. They poll in turn until closed, and record wrong answers. */
final class Polling implements AutoCloseable {
    private final Line line;
    private final AtomicInteger turn = new AtomicInteger();
    private final List<String> unanswered = new CopyOnWriteArrayList<>();
    private final List<String> misplaced = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService visitors;

    /** @param perSecond polls a second, of all visitors; fewer if answers take longer */
    Polling(Line line, int perSecond) {
        this.line = line;
        int threads = Math.max(1, perSecond / 20);
        visitors = Executors.newScheduledThreadPool(threads);
        long period = TimeUnit.SECONDS.toMicros(threads) / perSecond;
        for (int i = 0; i < threads; i++) {
            var _ = visitors.scheduleAtFixedRate(this::ask, i * period / threads, period, TimeUnit.MICROSECONDS);
        }
    }

    private void ask() {
        int index = Math.floorMod(turn.getAndIncrement(), line.tokens().size());
        try {
            GatewayApi.Answer answer = line.api().statusOnce(line.tokens().get(index));
            if (answer.status() != 200) {
                unanswered.add(answer.toString());
            } else if (answer.number("position") != index + 1) {
                misplaced.add((index + 1) + ": " + answer);
            }
        } catch (UncheckedIOException e) {
            unanswered.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The number of polls so far. */
    int asked() {
        return turn.get();
    }

    /** Polls that were not answered with a status. */
    List<String> unanswered() {
        return unanswered;
    }

    /** Answers with another position than that of the join. */
    List<String> misplaced() {
        return misplaced;
    }

    @Override
    public void close() {
        visitors.shutdown();
        try {
            boolean _ = visitors.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            visitors.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
