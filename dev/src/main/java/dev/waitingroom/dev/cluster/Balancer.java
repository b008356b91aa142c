package dev.waitingroom.dev.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Replaces a Service: one port of 127.0.0.1, which passes each connection to the next ready pod. */
public final class Balancer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 1_000;

    private final ServerSocket server;
    private final Supplier<List<Integer>> backends;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private int turn;

    private Balancer(int port, Supplier<List<Integer>> backends) throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
        this.backends = backends;
        Thread.ofVirtual().name("balancer").start(this::accept);
    }

    /**
     * Opens the port.
     *
     * @param port 0 for any free port
     * @param backends supplies the ports of the ready pods, for each connection
     * @throws IllegalStateException if another process has the port
     */
    public static Balancer start(int port, Supplier<List<Integer>> backends) {
        try {
            return new Balancer(port, backends);
        } catch (BindException e) {
            throw new IllegalStateException("port " + port + " is in use: end what uses it, or name another", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        end(server);
        open.forEach(Balancer::end);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().name("connection").start(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try (client) {
            Optional<Socket> backend = backend();
            if (backend.isPresent()) {
                join(client, backend.get());
            }
        } catch (IOException gone) {
            // Either side may close at any time. The other side then sees its connection end.
        } finally {
            open.remove(client);
        }
    }

    private void join(Socket client, Socket backend) throws IOException {
        open.add(backend);
        try (backend) {
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(backend, client));
            copy(client, backend);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(backend);
        }
    }

    private Optional<Socket> backend() {
        List<Integer> ready = backends.get();
        int first = next();
        for (int i = 0; i < ready.size(); i++) {
            Socket socket = new Socket();
            try {
                int port = ready.get(Math.floorMod(first + i, ready.size()));
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
                return Optional.of(socket);
            } catch (IOException goneMeanwhile) {
                end(socket);
            }
        }
        return Optional.empty();
    }

    private synchronized int next() {
        return turn++;
    }

    /** Copies until one side ends. Then both directions end, since HTTP does not use a half-closed connection. */
    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException gone) {
            // The end of the connection reports it.
        }
    }

    private static void end(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception alreadyGone) {
            // It should be closed anyway.
        }
    }
}
