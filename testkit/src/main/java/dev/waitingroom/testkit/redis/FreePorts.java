package dev.waitingroom.testkit.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that open them later, or again after a crash. The system gives none of them to a program that asks for any port.
 * No two callers in a process get the same port, nor in the JVMs, at most four, between which Surefire divides the tests of a module.
 */
public final class FreePorts {
    /** The distance of a Cluster node's bus port from its port. */
    static final int BUS = 10_000;

    /** Up to BUS ports from here. Ports and buses do not meet, and end below 32,768, where the ports that Linux gives out begin. */
    private static final int FIRST = 11_000;

    private static final int FORKS = 4;
    private static final int SHARE = BUS / FORKS;

    /** Surefire counts its JVMs from 1. */
    private static final int FIRST_OF_SHARE =
            FIRST + Math.floorMod(Integer.getInteger("test.fork", 1) - 1, FORKS) * SHARE;

    private static final AtomicInteger given =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(SHARE));

    private FreePorts() {}

    /**
     * A free port whose bus port is free, too.
     *
     * @throws IllegalStateException if there is none
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
