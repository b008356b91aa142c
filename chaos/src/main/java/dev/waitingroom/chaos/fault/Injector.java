package dev.waitingroom.chaos.fault;

import dev.waitingroom.chaos.fault.Injection.Effect;
import dev.waitingroom.chaos.history.Span;
import dev.waitingroom.chaos.site.Gateways;
import dev.waitingroom.chaos.site.TendedRooms;
import dev.waitingroom.chaos.topology.ReplicatedTopology;
import dev.waitingroom.chaos.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Carries out the steps of a schedule on a site, one after the other. When a call returns, its faults are over and repaired. */
public final class Injector {
    private final Topology topology;
    private final Gateways gateways;
    private final TendedRooms rooms;
    private final Random random;

    /** @param random the source of all that is random about the faults */
    public Injector(Topology topology, Gateways gateways, TendedRooms rooms, Random random) {
        this.topology = topology;
        this.gateways = gateways;
        this.rooms = rooms;
        this.random = random;
    }

    /** Injects the faults of the step at the same time, repairs them, and waits until every gateway serves every room. */
    public List<Injection> inject(Schedule.Step step) throws InterruptedException {
        Map<String, Long> epochs = rooms.epochs();
        List<FaultExecutor> damages = step.faults().stream()
                .map(fault -> new FaultExecutor(fault, topology, gateways, rooms, new Random(random.nextLong())))
                .toList();
        inflict(damages);
        topology.heal();
        gateways.awaitServe(rooms.events());
        boolean anew = topology instanceof ReplicatedTopology && !rooms.epochs().equals(epochs);
        return together(damages.stream().map(FaultExecutor::over).toList(), anew);
    }

    private static void inflict(List<FaultExecutor> damages) throws InterruptedException {
        // Platform threads: a fault starts and awaits processes, and reads their files.
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Void>> under = new ArrayList<>();
            for (FaultExecutor damage : damages) {
                under.add(threads.submit(() -> {
                    damage.inflict();
                    return null;
                }));
            }
            for (Future<Void> one : under) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fault could not be injected", e.getCause());
        }
    }

    /**
     * The joint effect of simultaneous faults. If Redis lost its last moment while a gateway was killed or paused, everything may be lost.
     * If gateways or their visitors were cut off as well, answers without Redis are not judged.
     *
     * @param anew whether a room began an epoch: Redis promoted a replica, perhaps without being asked to
     */
    private static List<Injection> together(List<Injection> each, boolean anew) {
        Span span = new Span(
                each.stream().mapToLong(one -> one.span().from()).min().orElseThrow(),
                each.stream().mapToLong(one -> one.span().until()).max().orElseThrow());
        boolean calls =
                each.size() > 1 && each.stream().anyMatch(one -> one.fault().hitsCalls());
        boolean gateway =
                each.size() > 1 && each.stream().anyMatch(one -> one.fault().hitsAGateway());
        return each.stream()
                .map(one -> {
                    Effect effect = anew && one.effect() == Effect.NOTHING ? Effect.NAMES : one.effect();
                    return new Injection(
                            one.fault(),
                            one.what(),
                            span,
                            calls ? new Span(span.from(), span.from()) : one.withoutRedis(),
                            gateway && effect == Effect.NAMES ? Effect.EVERYTHING : effect,
                            one.jump(),
                            one.killed(),
                            one.apart());
                })
                .toList();
    }
}
