package dev.waitingroom.testkit.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that take a while to open them, or open them again after a crash: the system gives none of these to anyone
 * who asks for any port, and no two callers in a process get the same, nor in two JVMs between which Surefire divides a module's tests.
 */
public final class FreePorts {
    /** How far a Cluster node's bus is above its port. */
    static final int BUS = 10_000;

    /** Up to BUS numbers from here: they and their buses do not meet, and end below 32,768, where Linux begins to give ports out. */
    private static final int FIRST = 11_000;

    private static final int FORKS = 2;
    private static final int SHARE = BUS / FORKS;

    /** Surefire counts its JVMs from 1. */
    private static final int FIRST_OF_SHARE =
            FIRST + Math.floorMod(Integer.getInteger("test.fork", 1) - 1, FORKS) * SHARE;

    private static final AtomicInteger given =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(SHARE));

    private FreePorts() {}

    /**
     * One on which nobody listens, nor on its bus.
     *
     * @throws IllegalStateException where there is none
     */
    public static int next() {
        for (int tried = 0; tried < SHARE; tried++) {
            int port = FIRST_OF_SHARE + Math.floorMod(given.getAndIncrement(), SHARE);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no port from %d to %d is free".formatted(FIRST_OF_SHARE, FIRST_OF_SHARE + SHARE - 1));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
