package dev.waitingroom.chaos.site;

import static org.awaitility.Awaitility.await;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.store.RedisUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Rooms whose policies are written twice a second, so that a missing one is restored as by the operator. Thread-safe. */
public final class TendedRooms implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(500);

    /**
     * A policy, and its times.
     *
     * @param decided when it was decided, µs since 1970
     * @param written when it was certainly in Redis for the first time
     */
    public record Written(Policy policy, long decided, long written) {}

    private final OperatorHand operator;
    private final Map<String, List<Written>> rooms = new LinkedHashMap<>();
    private final Map<String, Policy> wanted = new LinkedHashMap<>();
    private final Map<String, Long> decided = new LinkedHashMap<>();
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

    /** Creates new rooms, and restores their policies from now on. */
    public TendedRooms(OperatorHand operator, List<Policy> policies) {
        this.operator = operator;
        for (Policy policy : policies) {
            operator.apply(policy, true);
            rooms.put(policy.eventId(), new ArrayList<>(List.of(new Written(policy, 0, 0))));
            wanted.put(policy.eventId(), policy);
        }
        var _ = loop.scheduleWithFixedDelay(this::tend, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    public List<String> events() {
        synchronized (rooms) {
            return List.copyOf(rooms.keySet());
        }
    }

    /** The policy that should be in force. */
    public Policy policy(String event) {
        synchronized (rooms) {
            return java.util.Objects.requireNonNull(wanted.get(event));
        }
    }

    /** Every policy that the room has had. */
    public List<Written> written(String event) {
        synchronized (rooms) {
            return List.copyOf(java.util.Objects.requireNonNull(rooms.get(event)));
        }
    }

    /** The epoch of each room's line, 0 for none. Retries until Redis answers. */
    public Map<String, Long> epochs() {
        Map<String, Long> epochs = new LinkedHashMap<>();
        for (String event : events()) {
            epochs.put(event, operator.epoch(policy(event)));
        }
        return epochs;
    }

    /** Changes the policy of a room. */
    public void change(Policy policy) {
        synchronized (rooms) {
            wanted.put(policy.eventId(), policy);
            decided.put(policy.eventId(), Recorder.micros(Instant.now()));
        }
    }

    /** Waits until every policy is in Redis. */
    public void awaitWritten() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            synchronized (rooms) {
                return decided.isEmpty();
            }
        });
    }

    /** Stops restoring policies, as if the operator were down. */
    public void neglect() {
        loop.shutdownNow();
    }

    private void tend() {
        for (String event : events()) {
            Policy policy = policy(event);
            try {
                operator.applyOnce(policy, false);
            } catch (RedisUnavailableException e) {
                continue; // the next round may find Redis
            }
            synchronized (rooms) {
                if (policy.equals(wanted.get(event)) && decided.containsKey(event)) {
                    long since = java.util.Objects.requireNonNull(decided.remove(event));
                    java.util.Objects.requireNonNull(rooms.get(event))
                            .add(new Written(policy, since, Recorder.micros(Instant.now())));
                }
            }
        }
    }

    @Override
    public void close() {
        neglect();
    }
}
