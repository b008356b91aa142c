package dev.waitingroom.testkit.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on a free port of 127.0.0.1 that breaks its connections on demand. It does not look at the bytes, so TLS works through it. Each
 * direction of each connection has a virtual thread. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    /** How it treats bytes and connections. */
    public sealed interface Mode {
        /** Forwards everything. */
        record Open() implements Mode {}

        /** Cuts all connections, and each new one at once. */
        record Refused() implements Mode {}

        /** Delays each piece by this time, in both directions. */
        record Delayed(Duration by) implements Mode {}

        /** Connections stay. Nothing is forwarded until the mode ends; then everything is. */
        record BlackHole() implements Mode {}

        /** Forwards requests, drops the answer and cuts the connection: the server has executed the call, and the client does not learn it. */
        record CutAfterExecution() implements Mode {}

        /** The same for the next answer only; then forwards everything. */
        record CutNextAnswer() implements Mode {}
    }

    private static final Mode OPEN = new Mode.Open();

    private final ServerSocket server;
    private volatile int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> forgotten = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private volatile Mode mode = OPEN;
    private volatile boolean closed;

    /** @param target a port of 127.0.0.1 */
    public Proxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("proxy-" + server.getLocalPort()).start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Sets the mode. {@link Mode.Open} repairs it. */
    public void mode(Mode now) {
        synchronized (change) {
            mode = now;
            change.notifyAll();
        }
        if (now instanceof Mode.Refused) {
            cut();
        }
    }

    public void heal() {
        mode(OPEN);
    }

    /** Sends new connections to this port of 127.0.0.1, and resets the others. */
    public void redirect(int port) {
        target = port;
        cut();
    }

    /** Resets every connection. */
    public void cut() {
        sockets.forEach(Proxy::reset);
    }

    /** Keeps the current connections but forwards nothing on them, as if a firewall had forgotten them. New connections work. */
    public void forget() {
        forgotten.addAll(sockets);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                if (mode instanceof Mode.Refused) {
                    reset(client);
                } else {
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(upstream);
            Thread.ofVirtual().start(() -> pump(client, upstream, false));
            pump(upstream, client, true);
        } catch (IOException e) {
            reset(client);
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (forgotten.contains(from)) {
                    continue;
                }
                if (!passes(answers)) {
                    break;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side is gone, so the other one ends, too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reset(from);
            reset(to);
            List.of(sockets, forgotten).forEach(known -> {
                known.remove(from);
                known.remove(to);
            });
        }
    }

    /** Waits as the mode says. Returns whether the piece is then forwarded. */
    private boolean passes(boolean answer) throws InterruptedException {
        switch (mode) {
            case Mode.Open open -> {}
            case Mode.Refused refused -> {
                return false;
            }
            case Mode.Delayed(Duration by) -> Thread.sleep(by);
            case Mode.BlackHole hole -> {
                synchronized (change) {
                    while (mode instanceof Mode.BlackHole) {
                        change.wait();
                    }
                }
            }
            case Mode.CutAfterExecution cut -> {
                return !answer;
            }
            case Mode.CutNextAnswer cut -> {
                if (answer) {
                    heal();
                }
                return !answer;
            }
        }
        return true;
    }

    /** The other side sees a reset, not an orderly end. */
    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is already closed.
        }
    }

    @Override
    public void close() {
        closed = true;
        heal();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
