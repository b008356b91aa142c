package dev.waitingroom.servlet;

import dev.waitingroom.testkit.docs.DocPage;
import dev.waitingroom.testkit.redis.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The shop of examples/express, as a process of Node. */
record ExpressShop(Process process, int port) implements ShopKind.ShopServer {
    private static final Path EXAMPLE = DocPage.root().resolve("examples/express");
    private static final Duration START = Duration.ofSeconds(30);

    static ExpressShop startOrSkip(Path directory, String gateway) throws IOException {
        Assumptions.assumeTrue(
                Programs.exists("node") && Files.exists(EXAMPLE.resolve("node_modules/express")),
                "Node or the packages of examples/express are missing, so that shop is not tested; run .ci/check-examples");
        int port = FreePorts.next();
        Path log = directory.resolve("express.log");
        Files.createDirectories(directory);
        ProcessBuilder builder = new ProcessBuilder("node", "shop.js")
                .directory(EXAMPLE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of("GATEWAY", gateway, "PORT", Integer.toString(port), "ADDRESS", "127.0.0.1"));
        ExpressShop shop = new ExpressShop(builder.start(), port);
        Awaitility.await().atMost(START).until(() -> shop.listens(log));
        return shop;
    }

    private boolean listens(Path log) throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("the shop did not start: " + Files.readString(log));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
