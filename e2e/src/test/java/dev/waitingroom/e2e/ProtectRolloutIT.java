package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A protected shop whose pods, and those of the gateway in front, are replaced while visitors are in it. */
@OnCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtectRolloutIT {
    /** So many without making the run of all tests longer; {@code -De2e.requests=10000} for more. */
    private static final int REQUESTS = Integer.getInteger("e2e.requests", 1_000);

    private static final int REQUESTS_PER_SECOND = 60;
    private static final int VISITORS = 20;
    private static final int PODS = 2;
    private static final String PAGE = "the seats of the shop";

    /** A shop that serves on for some seconds after Kubernetes ends its pod, as it should. */
    private static final String SHOP = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: shop}
            spec:
              replicas: 2
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              selector: {matchLabels: {app: shop}}
              template:
                metadata: {labels: {app: shop}}
                spec:
                  terminationGracePeriodSeconds: 8
                  securityContext: {runAsNonRoot: true, runAsUser: 999, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: shop
                      image: IMAGE
                      imagePullPolicy: IfNotPresent
                      command:
                        - busybox
                        - sh
                        - -c
                        - echo 'PAGE' > /www/index.html && exec busybox httpd -f -p 8080 -h /www
                      ports: [{containerPort: 8080}]
                      readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                      lifecycle: {preStop: {exec: {command: [busybox, sleep, "5"]}}}
                      resources: {requests: {cpu: 20m, memory: 16Mi}}
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                      volumeMounts: [{name: www, mountPath: /www}]
                  volumes: [{name: www, emptyDir: {}}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: shop}
            spec:
              selector: {app: shop}
              ports: [{port: 80, targetPort: 8080}]
            """;

    private final Cluster cluster;
    private final TestNamespace namespace;
    private final GatewayApi door;
    private String level = "info";

    ProtectRolloutIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("protect-rollout");
        door = cluster.api(namespace.name(), "door");
    }

    @BeforeAll
    void open() {
        namespace.apply(SHOP.replace("IMAGE", cluster.busyboxImage()).replace("PAGE", PAGE));
        namespace.apply(Manifests.gateway("door", "replicas: {min: 2, max: 2}"));
        namespace.apply(Manifests.room(
                "hall",
                "admission: {rate: 10, burst: 100}",
                "gatewayRef: {name: door}",
                "protect: {service: {name: shop, port: 80}}"));
        namespace.kubectl("rollout", "status", "deployment/shop", "--timeout=180s");
        namespace.awaitRoom("hall");
        namespace.awaitGateway("door", PODS);
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @Test
    void rollingUpdatesFailNoRequestAndLetNobodyInWithoutAdmission() {
        List<String> cookies = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            cookies.add(enter());
        }
        try (var browsing = new Browsing(door, cookies, PAGE, REQUESTS_PER_SECOND)) {
            do {
                replaceShop();
                replaceGateway();
            } while (browsing.answered() < REQUESTS);

            assertThat(browsing.intrusions()).isEmpty();
            assertThat(browsing.failures()).isEmpty();
        }
    }

    private void replaceShop() {
        namespace.kubectl("rollout", "restart", "deployment/shop");
        namespace.kubectl("rollout", "status", "deployment/shop", "--timeout=180s");
    }

    private void replaceGateway() {
        Set<String> pods = gatewayPods();
        level = level.equals("info") ? "debug" : "info";
        namespace.kubectl(
                "patch", "wrg", "door", "--type=merge", "-p", "{\"spec\": {\"logLevel\": \"" + level + "\"}}");
        await().atMost(SOON).until(() -> !gatewayPods().equals(pods));
        namespace.awaitGateway("door", PODS);
        assertThat(gatewayPods()).doesNotContainAnyElementsOf(pods);
    }

    private Set<String> gatewayPods() {
        return cluster.pods(namespace.name(), "door").stream()
                .map((Pod pod) -> pod.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    /** Joins by the page's form, as a browser without script does. The first visitors need not wait. */
    private String enter() {
        return await().atMost(SOON).until(this::join, cookie -> !cookie.isEmpty());
    }

    private String join() throws Exception {
        HttpResponse<String> answer = door.http()
                .send(
                        HttpRequest.newBuilder(door.base().resolve("waiting/hall"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("action=join&return=%2F"))
                                .build(),
                        BodyHandlers.ofString());
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("wr-hall="))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElse("");
    }
}
