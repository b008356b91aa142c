package dev.waitingroom.bench.streams;

import com.nimbusds.jose.JOSEException;
import dev.waitingroom.bench.gateway.LoadedGateway;
import dev.waitingroom.queue.ticket.TicketCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Opens streams on one gateway process while the line moves.
 *
 * @param streams opened at once
 * @param departures visitors ahead of all streams who leave in a second
 * @param time for which the streams are measured
 */
record StreamLoad(int streams, int departures, Duration time) {
    /** How long the process is measured without streams, and left alone after they were opened. */
    private static final Duration CALM = Duration.ofSeconds(5);

    private static final int STEPS_A_SECOND = 10;

    /**
     * What was measured.
     *
     * @param eventsPerSecond sent by the gateway
     * @param lost events that were sent and did not arrive
     * @param ended streams that ended, which none should
     * @param cpuMicrosPerEvent processor time for an event, without that of a process without streams
     * @param cpus processors in use
     * @param peakMemory resident bytes of the process
     * @param before the times of other answers before streams were opened
     * @param during the same, meanwhile
     */
    record Figures(
            double eventsPerSecond,
            long lost,
            long ended,
            double cpuMicrosPerEvent,
            double cpus,
            long peakMemory,
            StatusProbe.Times before,
            StatusProbe.Times during) {}

    /** The gateway's counters at a moment. */
    private record Reading(long nanos, double events, long received, Duration cpu) {
        static Reading of(LoadedGateway gateway, StreamClients clients) {
            return new Reading(
                    System.nanoTime(),
                    gateway.metric("waitingroom_stream_events_total"),
                    clients.events(),
                    gateway.cpu());
        }

        double secondsTo(Reading later) {
            return (later.nanos - nanos) / 1e9;
        }

        double cpusTo(Reading later) {
            return later.cpu.minus(cpu).toNanos() / 1e9 / secondsTo(later);
        }
    }

    Figures measure(Path log) throws IOException, JOSEException, InterruptedException {
        try (LoadedLine line = LoadedLine.open();
                LoadedGateway gateway = new LoadedGateway(LoadedLine.GATEWAY, line.redisUrl(), streams, log);
                StreamClients clients = new StreamClients()) {
            // Departures go on while streams are opened, and that takes a while.
            line.fillFront((int) (departures * (time.toSeconds() + 120)));
            TicketCodec codec = new TicketCodec(gateway.ticketKeys());
            List<String> tokens =
                    line.join(streams + 1).stream().map(codec::encode).toList();
            gateway.awaitReady();
            StatusProbe probe = new StatusProbe(gateway.port(), tokens.getFirst());
            Thread probing = Thread.ofPlatform().daemon().start(probe);
            try (ScheduledExecutorService departing = Executors.newSingleThreadScheduledExecutor()) {
                var _ = departing.scheduleAtFixedRate(
                        () -> line.depart(departures / STEPS_A_SECOND),
                        0,
                        TimeUnit.SECONDS.toMillis(1) / STEPS_A_SECOND,
                        TimeUnit.MILLISECONDS);
                Figures figures = measure(gateway, clients, probe, tokens.subList(1, tokens.size()));
                departing.shutdownNow();
                return figures;
            } finally {
                probe.stop();
                probing.join();
            }
        }
    }

    private Figures measure(LoadedGateway gateway, StreamClients clients, StatusProbe probe, List<String> tokens)
            throws IOException, InterruptedException {
        Thread.sleep(CALM); // the JVM compiles
        probe.take();
        Reading idle = Reading.of(gateway, clients);
        Thread.sleep(CALM);
        Reading stillIdle = Reading.of(gateway, clients);
        StatusProbe.Times before = probe.take();

        clients.open(gateway.port(), tokens);
        Thread.sleep(CALM);
        probe.take();
        Reading begin = Reading.of(gateway, clients);
        Thread.sleep(time);
        Reading end = Reading.of(gateway, clients);
        StatusProbe.Times during = probe.take();

        double events = end.events - begin.events;
        double cpus = begin.cpusTo(end);
        double cpusOfEvents = cpus - idle.cpusTo(stillIdle);
        return new Figures(
                events / begin.secondsTo(end),
                lost(gateway, clients),
                clients.ended(),
                cpusOfEvents * begin.secondsTo(end) / events * 1e6,
                cpus,
                gateway.peakMemory(),
                before,
                during);
    }

    /** Those on their way do not count. */
    private static long lost(LoadedGateway gateway, StreamClients clients) throws InterruptedException {
        double sent = gateway.metric("waitingroom_stream_events_total");
        Thread.sleep(CALM);
        return Math.max(0, (long) sent - clients.events());
    }
}
