package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a room says of the Service that it protects and of its page, and what visitors without admission are answered. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtectIT {
    private static final String SHOP = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: shop}
            spec:
              selector: {waitingroom.dev/gateway: %s}
              ports: [{port: 80, targetPort: 8080}]
            """;
    private static final String LOOK = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: look}
            data:
              page.html: |
                %s
            """;

    private final Cluster cluster;
    private final TestNamespace namespace;

    ProtectIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("protect");
    }

    @BeforeAll
    void start() {
        namespace.apply(LOOK.formatted("{{#open}"));
        namespace.apply(Manifests.gateway("door", "replicas: {min: 1, max: 1}"));
        namespace.apply(Manifests.room(
                "hall",
                "admission: {rate: 10, burst: 100}",
                "gatewayRef: {name: door}",
                "protect: {service: {name: shop, port: 80}}",
                "page: {template: {configMap: look, key: page.html}}"));
        // The room is not Ready: its Service is missing.
        namespace.awaitGateway("door", 1);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void serviceIsFollowedUntilItHasPodsAndThenKeepsVisitorsOut() {
        awaitCondition("ProtectionReady", "False ServiceMissing");

        namespace.apply(SHOP.formatted("nobody"));
        awaitCondition("ProtectionReady", "False NoEndpoints");

        // The gateway's own pods are as good as a shop's here.
        namespace.apply(SHOP.formatted("door"));
        awaitCondition("ProtectionReady", "True Protected");

        await().atMost(SOON).untilAsserted(() -> {
            HttpResponse<String> browser = get("/seats", "text/html");
            HttpResponse<String> program = get("/seats", "application/json");

            assertThat(browser.statusCode()).isEqualTo(303);
            // The API server, through which the test calls, puts its own path before it.
            assertThat(browser.headers().firstValue("Location").orElse("")).endsWith("/waiting/hall?return=%2Fseats");
            assertThat(program.statusCode()).isEqualTo(429);
            assertThat(program.body()).contains("WAITING_ROOM_REQUIRED");
        });
    }

    @Test
    void brokenTemplateIsNamedAndAMendedOneIsServed() throws Exception {
        awaitCondition("PageReady", "False PageInvalid");
        assertThat(get("/waiting/hall", "text/html").body()).doesNotContain("Our own hall");

        namespace.apply(
                LOOK.formatted("<html><head>{{> head}}</head><body>Our own hall {{> room}}{{> script}}</body></html>"));

        awaitCondition("PageReady", "True Applied");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(get("/waiting/hall", "text/html").body()).contains("Our own hall"));
    }

    private HttpResponse<String> get(String path, String accept) throws Exception {
        GatewayApi door = cluster.api(namespace.name(), "door");
        HttpRequest request = HttpRequest.newBuilder(door.base().resolve(path.substring(1)))
                .header("Accept", accept)
                .build();
        return door.http().send(request, BodyHandlers.ofString());
    }

    private void awaitCondition(String type, String expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(namespace.kubectl(
                                "get",
                                "wr",
                                "hall",
                                "-o",
                                "jsonpath={range .status.conditions[?(@.type=='" + type
                                        + "')]}{.status} {.reason}{end}"))
                        .isEqualTo(expected));
    }
}
