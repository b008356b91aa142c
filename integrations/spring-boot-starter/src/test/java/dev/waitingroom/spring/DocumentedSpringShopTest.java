package dev.waitingroom.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.waitingroom.testkit.docs.DocPage;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A shop on Spring Boot, with the application.yaml of docs/protect/code.md. */
class DocumentedSpringShopTest {
    private static final DocPage PAGE = DocPage.read("code.md");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static ECKey key;
    private static HttpServer gateway;
    private static ConfigurableApplicationContext shop;

    /** What the reader's application is. */
    @EnableAutoConfiguration
    @RestController
    static class Shop {
        @RequestMapping("/**")
        String sell(HttpServletRequest request) {
            return "sold " + request.getRequestURI() + " at " + request.getScheme();
        }
    }

    @BeforeAll
    static void open() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("r1").generate();
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/.well-known/jwks.json", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        gateway.start();
        String yaml = PAGE.blockWith("yaml", "waitingroom:\n")
                .replace(
                        "http://default-gateway",
                        "http://127.0.0.1:" + gateway.getAddress().getPort());
        Files.writeString(directory.resolve("application.yaml"), yaml);
        shop = SpringApplication.run(
                Shop.class,
                "--spring.config.location=file:" + directory + "/",
                "--server.address=127.0.0.1",
                "--server.port=0",
                "--server.forward-headers-strategy=framework",
                "--spring.main.banner-mode=off");
    }

    @AfterAll
    static void close() {
        shop.close();
        gateway.stop(0);
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        String port = shop.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String reservation() throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("shop/default")
                .audience("concert")
                .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .build();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("r1").build(), claims);
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    @Test
    void dependencyOfThePageIsTheModule() throws IOException {
        Path module = DocPage.root().resolve("integrations/spring-boot-starter/pom.xml");

        assertThat(Files.readString(module))
                .contains(PAGE.blockWith("xml", "waitingroom-spring-boot-starter")
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.endsWith("Id>") || line.endsWith("version>"))
                        .toList());
    }

    @Test
    void reservationLetsIn() throws Exception {
        HttpResponse<String> answer = send("POST", "/cart", "Authorization", "Bearer " + reservation());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("sold /cart at http");
    }

    @Test
    void visitorsWithoutReservationWait() throws Exception {
        HttpResponse<String> browser = send("GET", "/cart", "Accept", "text/html");

        assertThat(browser.statusCode()).isEqualTo(303);
        assertThat(browser.headers().firstValue("Location").orElse("")).startsWith("/waiting/concert?return=");
        assertThat(send("POST", "/cart").statusCode()).isEqualTo(429);
    }

    @Test
    void excludedPathsAreFree() throws Exception {
        assertThat(send("GET", "/health").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/assets/shop.css").statusCode()).isEqualTo(200);
    }

    /** The filter runs after that of forwarded headers, so that the cookie is one of https. */
    @Test
    void cookieIsOfTheSchemeThatTheProxyNames() throws Exception {
        HttpResponse<String> presented = send(
                "POST",
                "/waitingroom-enter/concert",
                "Authorization",
                "Bearer " + reservation(),
                "X-Forwarded-Proto",
                "https");

        assertThat(presented.headers().firstValue("Set-Cookie").orElse(""))
                .startsWith("__Host-reservation-concert=")
                .contains("Secure", "HttpOnly", "Path=/", "SameSite=Lax");
    }
}
