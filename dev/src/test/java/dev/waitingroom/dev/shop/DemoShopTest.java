package dev.waitingroom.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoShopTest {
    private final DemoShop shop = DemoShop.start(0);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        shop.close();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shop.port() + path))
                        .method(
                                method,
                                method.equals("POST") ? BodyPublishers.ofString("a=b") : BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void sellsTicketsAndEndsTheVisit() throws IOException, InterruptedException {
        HttpResponse<String> seats = send("GET", "/");
        HttpResponse<String> bought = send("POST", "/buy");

        assertThat(seats.statusCode()).isEqualTo(200);
        assertThat(seats.body()).contains("<h1>Night Concert</h1>").contains("action=\"/buy\"");
        assertThat(bought.body()).contains("<h1>Thank you</h1>");
        assertThat(bought.headers().firstValue("Waiting-Room-Command")).contains("revoke");
    }

    @Test
    void otherPathsAreNotFound() throws IOException, InterruptedException {
        assertThat(send("GET", "/favicon.ico").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void portThatIsInUseIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DemoShop.start(shop.port()))
                .withMessageStartingWith("port " + shop.port() + " of the shop is in use");
    }
}
