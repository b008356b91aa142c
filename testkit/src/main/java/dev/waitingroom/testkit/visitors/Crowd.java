package dev.waitingroom.testkit.visitors;

import io.vertx.core.Context;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Simulated visitors of one room, as their {@link Behaviour} says. Each joins and polls when told to, until it is admitted or gone, or the crowd is
 * closed. Each uses one gateway, and goes to the next if that one does not answer.
 */
public final class Crowd implements AutoCloseable {
    /** How a visit ended. */
    public enum End {
        ADMITTED,
        /** Gave the place up. */
        LEFT,
        /** Joined, and never called again. */
        ABSENT,
        /** The place was lost, or the join was refused finally. */
        GONE
    }

    /**
     * The state of a crowd.
     *
     * @param arrived visitors who have sent their first join
     * @param ended the number of ended visits, by their end
     */
    public record Figures(int arrived, Map<End, Integer> ended) {
        public int ended(End end) {
            return ended.getOrDefault(end, 0);
        }

        /** Visitors whose visit has begun and not ended. */
        public int active() {
            return arrived - ended.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    private final VisitorClient client;
    private final List<URI> gateways;
    private final String eventId;
    private final Behaviour behaviour;
    private final InstantSource clock;
    private final CallObserver observer;
    private final boolean kept;
    private final Context loop;
    private final long begunNanos = System.nanoTime();
    private final CompletableFuture<Figures> finished = new CompletableFuture<>();
    private final EnumMap<End, Integer> ended = new EnumMap<>(End.class);
    private final Simulated.World world = new World();
    private final AtomicInteger underWay = new AtomicInteger();
    private int arrived;
    private int over;
    private boolean closed;
    private volatile Figures figures = new Figures(0, Map.of());

    private Crowd(
            VisitorClient client,
            List<URI> gateways,
            String eventId,
            Behaviour behaviour,
            InstantSource clock,
            CallObserver observer,
            boolean kept) {
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("gateways must name at least one");
        }
        this.client = client;
        this.gateways = List.copyOf(gateways);
        this.eventId = eventId;
        this.behaviour = behaviour;
        this.clock = clock;
        this.observer = observer;
        this.kept = kept;
        this.loop = client.vertx().getOrCreateContext();
    }

    /**
     * Starts a crowd.
     *
     * @param client the crowd runs on its event loop, and does not close it
     * @param gateways scheme, host and port of each, at least one
     * @param clock for the times that the observer gets
     */
    public static Crowd start(
            VisitorClient client,
            List<URI> gateways,
            String eventId,
            Behaviour behaviour,
            InstantSource clock,
            CallObserver observer) {
        return new Crowd(client, gateways, eventId, behaviour, clock, observer, false).begin();
    }

    /** As {@link #start}, but the crowd never finishes: a new visitor replaces each one whose visit ends. */
    public static Crowd keep(
            VisitorClient client,
            List<URI> gateways,
            String eventId,
            Behaviour behaviour,
            InstantSource clock,
            CallObserver observer) {
        return new Crowd(client, gateways, eventId, behaviour, clock, observer, true).begin();
    }

    private Crowd begin() {
        loop.runOnContext(ignored -> arrivals());
        return this;
    }

    /** The current state. */
    public Figures figures() {
        return figures;
    }

    /** The number of calls that are neither answered nor given up. */
    public int underWay() {
        return underWay.get();
    }

    /** Completes when every visit has ended, or the crowd is closed. */
    public CompletionStage<Figures> finished() {
        return finished.minimalCompletionStage();
    }

    /** Stops all visitors. The observer still gets the calls under way. */
    @Override
    public void close() {
        loop.runOnContext(ignored -> {
            closed = true;
            finished.complete(figures);
        });
    }

    /** Lets the visitors arrive who are due. A late loop catches up, so the rate is kept. */
    private void arrivals() {
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        while (!closed && arrived < behaviour.visitors() && arrived <= seconds * behaviour.arrivalsPerSecond()) {
            arrive();
        }
        if (arrived < behaviour.visitors()) {
            double next = Math.max(0.001, arrived / behaviour.arrivalsPerSecond() - seconds);
            world.after(Duration.ofNanos((long) (next * 1e9)), this::arrivals);
        } else if (kept) {
            world.after(gap(), this::replace);
        }
    }

    /** Replaces ended visitors one at a time, at most at the rate {@link Behaviour#arrivalsPerSecond}. */
    private void replace() {
        if (arrived - over < behaviour.visitors()) {
            arrive();
        }
        world.after(gap(), this::replace);
    }

    private Duration gap() {
        return Duration.ofNanos((long) (1e9 / behaviour.arrivalsPerSecond()));
    }

    private void arrive() {
        new Simulated(world, arrived++).arrive();
        publish();
    }

    private void publish() {
        figures = new Figures(arrived, Map.copyOf(ended));
    }

    /** The view of the visitors. */
    private final class World implements Simulated.World {
        @Override
        public void send(Simulated visitor, URI gateway, Operation operation) {
            Instant invoked = clock.instant();
            underWay.incrementAndGet();
            client.send(gateway, operation)
                    .onSuccess(answer -> loop.runOnContext(ignored -> {
                        try {
                            observer.completed(
                                    new Call(visitor.index(), gateway, operation, invoked, clock.instant(), answer));
                        } finally {
                            underWay.decrementAndGet();
                        }
                        if (!closed) {
                            visitor.answered(operation, answer);
                        }
                    }));
        }

        @Override
        public void after(Duration wait, Runnable then) {
            client.vertx()
                    .setTimer(
                            Math.max(1, wait.toMillis()),
                            ignored -> loop.runOnContext(same -> {
                                if (!closed) {
                                    then.run();
                                }
                            }));
        }

        @Override
        public void done(End end) {
            ended.merge(end, 1, Integer::sum);
            over++;
            publish();
            if (!kept && over == behaviour.visitors()) {
                finished.complete(figures);
            }
        }

        @Override
        public URI gateway(int index) {
            return gateways.get(Math.floorMod(index, gateways.size()));
        }

        @Override
        public String eventId() {
            return eventId;
        }

        @Override
        public Behaviour behaviour() {
            return behaviour;
        }
    }
}
