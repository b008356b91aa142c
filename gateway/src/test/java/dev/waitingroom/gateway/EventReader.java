package dev.waitingroom.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that reads a stream of events. */
public final class EventReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String END = "";

    private final HttpClient client;
    private final HttpResponse<InputStream> response;
    private final BlockingQueue<String> blocks = new LinkedBlockingQueue<>();

    private EventReader(HttpClient client, HttpResponse<InputStream> response) {
        this.client = client;
        this.response = response;
        Thread.ofPlatform().daemon().start(this::read);
    }

    static EventReader open(int port, String path, String... headers) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new EventReader(client, client.send(request.build(), BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            StringBuilder block = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(block.toString());
                    block.setLength(0);
                } else {
                    block.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            // The end, too.
        }
        blocks.add(END);
    }

    /** What has come so far, as an answer. */
    public Answer answer(String path) {
        String beginning = next().orElse("") + "\n" + next().orElse("") + "\n";
        return new Answer("GET", path, status(), Answer.headers(response), beginning);
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The lines up to the next empty one: an event or a comment. Empty if the stream has ended. */
    public Optional<String> next() {
        try {
            String block = blocks.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (block == null) {
                throw new AssertionError("nothing came, and the stream did not end");
            }
            return Optional.of(block).filter(text -> !text.equals(END));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The data of the next event. */
    public String data() {
        for (Optional<String> block = next(); block.isPresent(); block = next()) {
            Optional<String> data = block.get()
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .findFirst();
            if (data.isPresent()) {
                return data.get().substring("data: ".length());
            }
        }
        throw new AssertionError("the stream ended without an event");
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
