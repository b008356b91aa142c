package dev.waitingroom.queue.room;

import dev.waitingroom.queue.policy.Policy;
import dev.waitingroom.queue.redis.TestRoom;
import dev.waitingroom.queue.store.RoomScripts;
import dev.waitingroom.queue.ticket.Ticket;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gateways and their visitors in virtual time, on the real scripts in a real Redis. A visitor polls when they were told to, and asks to be
 * admitted when they are told that they may enter; each one goes through one gateway.
 */
final class SimulatedRoom {
    private static final Duration ADMIT_WAIT = Duration.ofSeconds(2);

    /**
     * What a visitor was told.
     *
     * @param etaSeconds empty where it is unknown
     */
    record Told(long micros, long position, Optional<Long> etaSeconds) {}

    /** Somebody who does all that they are asked to. */
    final class Visitor {
        private final Room gateway;
        private final Ticket ticket;
        private final List<Told> told = new ArrayList<>();
        private Optional<Long> admittedMicros = Optional.empty();
        private Optional<TicketStatus.State> lost = Optional.empty();
        private boolean wasReady;
        private final List<Long> refusedMicros = new ArrayList<>();

        private Visitor(Room gateway, Ticket ticket) {
            this.gateway = gateway;
            this.ticket = ticket;
        }

        List<Told> told() {
            return told;
        }

        Ticket ticket() {
            return ticket;
        }

        /** µs since 1970. */
        Optional<Long> admittedMicros() {
            return admittedMicros;
        }

        /** How they lost their place, if they did. */
        Optional<TicketStatus.State> lost() {
            return lost;
        }

        /** Whether they were ever told to enter. */
        boolean wasReady() {
            return wasReady;
        }

        /** When they were refused for want of a token, though they had been told to enter. */
        List<Long> refusedMicros() {
            return refusedMicros;
        }

        @Override
        public String toString() {
            return "ticket %d: %s, ready %s, told %s"
                    .formatted(
                            ticket.number(), lost, wasReady, told.subList(Math.max(0, told.size() - 3), told.size()));
        }

        boolean waits() {
            return admittedMicros.isEmpty() && lost.isEmpty();
        }

        private void poll() {
            heard(status(gateway, ticket));
        }

        private void heard(TicketStatus status) {
            if (status.state() != TicketStatus.State.WAITING) {
                lost = Optional.of(status.state());
                return;
            }
            told.add(new Told(
                    time.micros(),
                    status.position(),
                    status.eta().map(eta -> eta.expected().toSeconds())));
            if (status.ready()) {
                wasReady = true;
                gateway.admit(ticket, ADMIT_WAIT).thenAccept(this::answered);
            } else {
                time.after(status.pollAfter(), this::poll);
            }
        }

        private void answered(AdmitOutcome outcome) {
            switch (outcome) {
                case AdmitOutcome.Granted granted -> admittedMicros = Optional.of(time.micros());
                case AdmitOutcome.NotYet(TicketStatus status, Duration retryAfter) ->
                    time.after(retryAfter, this::poll);
                case AdmitOutcome.BucketEmpty(TicketStatus status, Duration retryAfter) -> {
                    refusedMicros.add(time.micros());
                    time.after(retryAfter, this::poll);
                }
                case AdmitOutcome.Gone(TicketStatus.State state) -> lost = Optional.of(state);
                case AdmitOutcome.Unavailable unavailable -> time.after(Duration.ofSeconds(1), this::poll);
            }
        }
    }

    private final TestRoom redis;
    private final VirtualTime time;
    private final List<LiveRoom> gateways = new ArrayList<>();
    private final List<Visitor> visitors = new ArrayList<>();
    private final Random random;

    /** A new room, and gateways that serve it. */
    SimulatedRoom(TestRoom redis, Policy policy, int gatewayCount, long seed) {
        this.redis = redis;
        this.random = new Random(seed);
        redis.flush();
        redis.setClock(TestRoom.NOON);
        redis.apply(policy, true);
        time = new VirtualTime(TestRoom.NOON, redis::setClock);
        for (int i = 0; i < gatewayCount; i++) {
            LiveRoom room = new LiveRoom(new RoomContext(
                    TestRoom.ID, "evt", "gateway-" + i, blocking(redis.scripts()), time, time::nanoTime));
            gateways.add(room);
            room.start();
        }
        time.run(Duration.ofSeconds(1));
    }

    VirtualTime time() {
        return time;
    }

    List<Visitor> visitors() {
        return visitors;
    }

    Room gateway(int index) {
        return gateways.get(index);
    }

    void apply(Policy policy) {
        redis.apply(policy, false);
    }

    /** So many visitors join, one in each millisecond. */
    void join(int count) {
        for (int i = 0; i < count; i++) {
            time.run(Duration.ofMillis(1));
            Room gateway = gateways.get(random.nextInt(gateways.size()));
            gateway.join(Optional.empty(), Optional.empty(), false).thenAccept(outcome -> {
                if (outcome instanceof JoinOutcome.Joined joined) {
                    Visitor visitor = new Visitor(gateway, joined.ticket());
                    visitors.add(visitor);
                    visitor.heard(joined.status());
                }
            });
        }
        time.run(Duration.ofMillis(50));
    }

    /** The ticket of somebody who joins, and is not heard of again by themselves. */
    Ticket ticket(int gateway) {
        List<Ticket> tickets = new ArrayList<>();
        gateways.get(gateway).join(Optional.empty(), Optional.empty(), false).thenAccept(outcome -> {
            if (outcome instanceof JoinOutcome.Joined joined) {
                tickets.add(joined.ticket());
            }
        });
        time.run(Duration.ofMillis(50));
        return tickets.getFirst();
    }

    /** A poll. */
    TicketStatus status(int gateway, Ticket ticket) {
        return status(gateways.get(gateway), ticket);
    }

    private TicketStatus status(Room gateway, Ticket ticket) {
        gateway.unsettled(ticket).ifPresent(_ -> time.settle());
        return gateway.status(ticket);
    }

    long waiting() {
        return visitors.stream().filter(Visitor::waits).count();
    }

    List<Visitor> lost() {
        return visitors.stream().filter(visitor -> visitor.lost().isPresent()).toList();
    }

    /** The same scripts, whose stages are complete when they are returned. */
    private static RoomScripts blocking(RoomScripts scripts) {
        return (RoomScripts) Proxy.newProxyInstance(
                SimulatedRoom.class.getClassLoader(), new Class<?>[] {RoomScripts.class}, (_, method, arguments) -> {
                    try {
                        Object stage = method.invoke(scripts, arguments);
                        return CompletableFuture.completedFuture(((CompletionStage<?>) stage)
                                .toCompletableFuture()
                                .join());
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
