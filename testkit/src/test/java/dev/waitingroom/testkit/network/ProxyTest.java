package dev.waitingroom.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.waitingroom.testkit.network.Proxy.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private final AtomicInteger executed = new AtomicInteger();
    private ServerSocket server;
    private Proxy proxy;

    /** A server that answers each byte with the same. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> echo(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
        proxy = new Proxy(server.getLocalPort());
    }

    private void echo(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            for (int read = in.read(); read >= 0; read = in.read()) {
                executed.incrementAndGet();
                client.getOutputStream().write(read);
            }
        } catch (IOException e) {
            // It was cut.
        }
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void aForgottenConnectionCarriesNothingAndANewOneIsWhole() throws IOException {
        try (Socket old = connect()) {
            old.getOutputStream().write(1);
            assertThat(old.getInputStream().read()).isEqualTo(1);

            proxy.forget();
            old.getOutputStream().write(2);
            old.setSoTimeout(200);
            assertThatThrownBy(() -> old.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            try (Socket fresh = connect()) {
                fresh.getOutputStream().write(3);
                assertThat(fresh.getInputStream().read()).isEqualTo(3);
            }
            assertThat(executed).hasValue(2);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static int ask(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        return socket.getInputStream().read();
    }

    private static boolean isCut(Socket socket) {
        try {
            return ask(socket) < 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not cut, but silent", e);
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void handsEverythingOn() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
            assertThat(ask(socket)).isEqualTo('x');
        }
    }

    @Test
    void cutsAfterTheServerHasExecuted() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
            proxy.mode(new Mode.CutAfterExecution());

            assertThat(isCut(socket)).isTrue();
        }
        assertThat(executed).hasValue(2);
        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
        }
    }

    @Test
    void cutsOneAnswerAndHandsOnTheNext() throws IOException {
        proxy.mode(new Mode.CutNextAnswer());

        try (Socket socket = connect()) {
            assertThat(isCut(socket)).isTrue();
        }
        assertThat(executed).hasValue(1);
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
        }
    }

    @Test
    void refusesAndServesAgain() throws IOException {
        try (Socket open = connect()) {
            assertThat(ask(open)).isEqualTo('x');
            proxy.mode(new Mode.Refused());

            assertThat(isCut(open)).isTrue();
            try (Socket late = connect()) {
                assertThat(isCut(late)).isTrue();
            }
        }
        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
        }
    }

    @Test
    void swallowsNothingInABlackHole() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket)).isEqualTo('x');
            proxy.mode(new Mode.BlackHole());
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> ask(socket)).isInstanceOf(SocketTimeoutException.class);
            assertThat(executed).hasValue(1);

            proxy.heal();

            await().untilAsserted(() -> assertThat(executed).hasValue(2));
            socket.setSoTimeout(5_000);
            assertThat(socket.getInputStream().read()).isEqualTo('x');
        }
    }
}
