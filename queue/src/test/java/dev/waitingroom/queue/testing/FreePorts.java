package dev.waitingroom.queue.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that take a while to open them, or open them again after a crash: the system gives none of these to anyone
 * who asks for any port, and no two callers in a process get the same.
 */
public final class FreePorts {
    /** How far a Cluster node's bus is above its port. */
    static final int BUS = 10_000;

    /** Up to BUS numbers from here: they and their buses do not meet, and end below 32,768, where Linux begins to give ports out. */
    private static final int FIRST = 11_000;

    private static final AtomicInteger given =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(BUS));

    private FreePorts() {}

    /**
     * One on which nobody listens, nor on its bus.
     *
     * @throws IllegalStateException where there is none
     */
    public static int next() {
        for (int tried = 0; tried < BUS; tried++) {
            int port = FIRST + Math.floorMod(given.getAndIncrement(), BUS);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new IllegalStateException("no port from %d to %d is free".formatted(FIRST, FIRST + BUS - 1));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
