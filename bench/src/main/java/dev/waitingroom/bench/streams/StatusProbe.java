package dev.waitingroom.bench.streams;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A visitor who polls the status again and again, and takes the time of each answer. */
final class StatusProbe implements Runnable {
    private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private final int port;
    private final byte[] request;
    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean stopped;

    StatusProbe(int port, String token) {
        this.port = port;
        this.request = ("GET /api/v1/queue/status?token=" + token + " HTTP/1.1\r\nHost: load\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The times of the median, the slowest but one percent, and the slowest answer, ms. */
    record Times(double median, double p99, double max) {}

    @Override
    public void run() {
        while (!stopped) {
            // A new connection now and then, so that each event loop has its turn.
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(30_000);
                for (int i = 0; i < 100 && !stopped; i++) {
                    ask(socket);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("the gateway does not answer", e);
            }
        }
    }

    private void ask(Socket socket) throws IOException {
        long began = System.nanoTime();
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[4096];
        int length = 0;
        while (length == 0 || answer[length - 1] != '}') {
            int more = in.read(answer, length, answer.length - length);
            if (more < 0) {
                throw new IOException("the gateway closed the connection");
            }
            length += more;
        }
        nanos.add(System.nanoTime() - began);
        if (!new String(answer, 0, 12, StandardCharsets.US_ASCII).equals("HTTP/1.1 200")) {
            throw new IOException("unexpected: " + new String(answer, 0, length, StandardCharsets.US_ASCII));
        }
    }

    /** The times since the last call. */
    Times take() {
        List<Long> sorted;
        synchronized (nanos) {
            sorted = new ArrayList<>(nanos);
            nanos.clear();
        }
        Collections.sort(sorted);
        return new Times(millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 1));
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1e6;
    }

    void stop() {
        stopped = true;
    }
}
