package dev.waitingroom.operator.ops;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls a URL for the chart's {@code helm test}. The operator's image has no other tool for this. */
public final class ProbeMain {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private ProbeMain() {}

    /** Takes the URL as its argument. Prints the answer. Exits with 0 if the status is 200, else with 1. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(args[0])).timeout(TIMEOUT).build();
            var response = client.send(request, BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body());
            System.exit(response.statusCode() == HttpURLConnection.HTTP_OK ? 0 : 1);
        }
    }
}
