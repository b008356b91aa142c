package dev.waitingroom.e2e;

import static dev.waitingroom.e2e.Patience.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Several operators in one cluster, and one whose rights in a namespace come and go. Runs alone, since it stops the operator of all other
 * tests.
 */
@OnCluster
@Isolated
@Order(Integer.MAX_VALUE - 1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScopesIT {
    private static final String MAIN = "deployment/waitingroom-waitingroom-operator";
    private static final int ROOMS = 5;
    private static final Duration START = Duration.ofMinutes(4);

    private final Cluster cluster;
    private final TestNamespace operators;
    private final TestNamespace kept;

    ScopesIT(Cluster cluster) {
        this.cluster = cluster;
        operators = cluster.namespace("scopes-ops");
        kept = cluster.namespace("scopes-kept");
    }

    @BeforeAll
    void serveARoom() {
        kept.apply(Manifests.gateway("default", "replicas: {min: 1, max: 1}")
                + Manifests.room("fair", "admission: {rate: 1, burst: 1}"));
        kept.awaitRoom("fair");
        kept.awaitGateway("default", 1);
    }

    @AfterAll
    void close() {
        scaleMain(1);
        await().atMost(START).until(() -> cluster.operatorPods().stream().anyMatch(Readiness::isPodReady));
        cluster.kubectl().run("delete", "namespace", kept.name(), "--ignore-not-found", "--timeout=120s");
        operators.close();
    }

    @Test
    @Order(1)
    void secondReleaseForAllNamespacesWaitsForTheFirst() {
        install("second", "gateway.image.tag=of-the-second");
        try {
            await().atMost(START)
                    .untilAsserted(() -> assertThat(log("second"))
                            .contains("an operator of another release serves this scope", "waitingroom-e2e/"));
            kept.awaitQuiet(Duration.ofSeconds(10));
            assertThat(pods("second")).isNotEmpty().noneMatch(Readiness::isPodReady);

            scaleMain(0);

            await().atMost(START).until(() -> pods("second").stream().anyMatch(Readiness::isPodReady));
            await().atMost(SOON)
                    .until(() -> kept.kubectl(
                                    "get",
                                    "deploy",
                                    "default-gateway",
                                    "-o",
                                    "jsonpath={.spec.template.spec.containers[0].image}")
                            .endsWith(":of-the-second"));
        } finally {
            helm("uninstall", "second", "-n", operators.name(), "--wait");
        }
    }

    @Test
    @Order(2)
    void namespaceWithoutRightsDelaysNoOther() {
        scaleMain(0);
        TestNamespace shop = cluster.namespace("scopes-shop");
        install("tenants", "watchNamespaces={" + kept.name() + "," + shop.name() + "}");
        await().atMost(START).until(() -> pods("tenants").stream().anyMatch(Readiness::isPodReady));
        String binding = "tenants-waitingroom-operator." + operators.name();
        String saved = shop.kubectl("get", "rolebinding", binding, "-o", "yaml");

        shop.kubectl("delete", "rolebinding", binding);
        operators.kubectl("delete", "pod", "-l=app.kubernetes.io/instance=tenants");
        kept.apply(Manifests.room("again", "admission: {rate: 1, burst: 1}"));
        kept.awaitRoom("again");
        assertThat(log("tenants")).contains("namespace scopes-shop", "serves the other scopes", "is forbidden");
        assertThat(pods("tenants"))
                .allSatisfy(pod -> assertThat(pod.getStatus()
                                .getContainerStatuses()
                                .getFirst()
                                .getRestartCount())
                        .isZero());

        shop.apply(saved.replaceAll("(?m)^  (resourceVersion|uid|creationTimestamp):.*\n", ""));
        shop.apply(Manifests.gateway("default", "replicas: {min: 1, max: 1}")
                + String.join(
                        "",
                        IntStream.range(0, ROOMS)
                                .mapToObj(i -> Manifests.room("room-" + i, "admission: {rate: 1, burst: 1}"))
                                .toList()));
        IntStream.range(0, ROOMS).forEach(i -> shop.awaitRoom("room-" + i));
    }

    @Test
    @Order(3)
    void namespaceWithRoomsIsDeletedAlthoughItsRoleGoesFirst() {
        cluster.kubectl().run("delete", "namespace", "scopes-shop", "--timeout=180s");

        kept.apply(Manifests.room("afterwards", "admission: {rate: 1, burst: 1}"));
        kept.awaitRoom("afterwards");
    }

    @Test
    @Order(4)
    void namespaceDeletedWithoutAnOperatorGoesOnceOneRuns() {
        operators.kubectl("scale", "deployment/tenants-waitingroom-operator", "--replicas=0");
        await().atMost(SOON).until(() -> pods("tenants").isEmpty());
        cluster.kubectl().run("delete", "namespace", kept.name(), "--wait=false");
        await().atMost(SOON)
                .until(() ->
                        kept.kubectl("get", "role,rolebinding", "-o", "name").isBlank());

        operators.kubectl("scale", "deployment/tenants-waitingroom-operator", "--replicas=1");

        await().atMost(START)
                .until(() -> cluster.client().namespaces().withName(kept.name()).get() == null);
        helm("uninstall", "tenants", "-n", operators.name(), "--wait");
    }

    /** With the images and the Redis of the release that the other tests use. */
    private void install(String release, String value) {
        String image = image("{.spec.template.spec.containers[0].image}");
        String gateway = image("{.spec.template.spec.containers[0].env[?(@.name=='GATEWAY_IMAGE')].value}");
        helm(
                "install",
                release,
                "../charts/waitingroom-operator",
                "-n",
                operators.name(),
                "--set",
                "image.repository=" + image.substring(0, image.lastIndexOf(':')),
                "--set",
                "image.tag=" + image.substring(image.lastIndexOf(':') + 1),
                "--set",
                "gateway.image.repository=" + gateway.substring(0, gateway.lastIndexOf(':')),
                "--set",
                "gateway.image.tag=" + gateway.substring(gateway.lastIndexOf(':') + 1),
                "--set",
                "redis.url=redis://redis." + cluster.operatorNamespace() + ".svc:6379",
                "--set",
                value);
    }

    private String image(String path) {
        return cluster.kubectl().run("get", MAIN, "-n", cluster.operatorNamespace(), "-o", "jsonpath=" + path);
    }

    private void scaleMain(int replicas) {
        cluster.kubectl().run("scale", MAIN, "-n", cluster.operatorNamespace(), "--replicas=" + replicas);
        await().atMost(SOON).until(() -> cluster.operatorPods().size() == replicas);
    }

    private List<Pod> pods(String release) {
        return cluster
                .client()
                .pods()
                .inNamespace(operators.name())
                .withLabels(Map.of("app.kubernetes.io/instance", release))
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    private String log(String release) {
        return operators.kubectl("logs", "--tail=500", "-l=app.kubernetes.io/instance=" + release);
    }

    private static void helm(String... arguments) {
        var words = new ArrayList<>(List.of("helm"));
        words.addAll(List.of(arguments));
        words.add("--kubeconfig");
        words.add(Objects.requireNonNull(System.getenv(Cluster.KUBECONFIG)));
        try {
            Process helm = new ProcessBuilder(words).redirectErrorStream(true).start();
            helm.getOutputStream().close();
            String text = new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(helm.waitFor()).as(text).isZero();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
