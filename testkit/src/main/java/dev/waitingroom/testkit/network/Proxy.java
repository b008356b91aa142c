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
 * A TCP proxy on a free port of 127.0.0.1 that breaks its connections on demand. It looks at no byte, so that TLS goes through it. A
 * virtual thread for each direction of each connection. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
    private static final int BUFFER = 16 * 1024;

    /** What it does with what passes. */
    public sealed interface Mode {
        /** Hands everything on. */
        record Open() implements Mode {}

        /** Cuts what there is, and everything new at once. */
        record Refused() implements Mode {}

        /** Holds each piece back for so long, in both directions. */
        record Delayed(Duration by) implements Mode {}

        /** Connections stay; nothing comes through until the mode ends, then all of it does. */
        record BlackHole() implements Mode {}

        /** Hands requests on, throws the answer away and cuts the connection: the server has done what nobody learns of. */
        record CutAfterExecution() implements Mode {}

        /** The same for the next answer alone, then hands everything on. */
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

    /** From now on. Back to {@link Mode.Open} heals it. */
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

    /** New connections go to this port of 127.0.0.1; the others are reset. */
    public void redirect(int port) {
        target = port;
        cut();
    }

    /** Resets every connection. */
    public void cut() {
        sockets.forEach(Proxy::reset);
    }

    /** The connections that there are stay and carry nothing any more, as if a firewall had forgotten them; new ones are whole. */
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
            // One side is gone, so is the other.
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

    /** Waits as the mode has it; whether the piece is then handed on. */
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

    /** So that the other side sees a reset, not an orderly end. */
    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
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
