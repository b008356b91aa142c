package dev.waitingroom.e2e;

import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomGateway;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The cluster in which the chart is installed. Tests reach Services through the API, as `kubectl proxy` does, so the cluster may be
 * elsewhere. Thread-safe.
 */
final class Cluster implements AutoCloseable {
    static final String KUBECONFIG = "E2E_KUBECONFIG";
    private static final String PROXY_GREETING = "Starting to serve on ";

    private final Kubectl kubectl;
    private final KubernetesClient client;
    private final Process proxy;
    private final URI proxyAddress;
    private final String operatorNamespace;
    private final String busyboxImage;
    private final String redisImage;
    private final Map<String, String> proxyImages;

    private Cluster(
            Kubectl kubectl,
            String operatorNamespace,
            String busyboxImage,
            String redisImage,
            Map<String, String> proxyImages) {
        this.kubectl = kubectl;
        this.operatorNamespace = operatorNamespace;
        this.busyboxImage = busyboxImage;
        this.redisImage = redisImage;
        this.proxyImages = proxyImages;
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubectl.kubeconfig().toFile()))
                .build();
        proxy = kubectl.start("proxy", "--port=0");
        proxyAddress = URI.create("http://" + greeting(proxy).substring(PROXY_GREETING.length()));
    }

    static Cluster fromEnvironment() {
        return new Cluster(
                new Kubectl(variable("E2E_KUBECTL"), Path.of(variable(KUBECONFIG))),
                variable("E2E_OPERATOR_NAMESPACE"),
                variable("E2E_BUSYBOX_IMAGE"),
                variable("E2E_REDIS_IMAGE"),
                pairs(variable("E2E_PROXY_IMAGES")));
    }

    /** Reads words like {@code NAME=VALUE}. */
    private static Map<String, String> pairs(String words) {
        return Arrays.stream(words.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " is not set; make e2e sets it");
    }

    private static String greeting(Process proxy) {
        BufferedReader out = proxy.inputReader(); // left open: the proxy would end with its next line otherwise
        try {
            return Objects.requireNonNull(out.readLine(), "kubectl proxy ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Kubectl kubectl() {
        return kubectl;
    }

    KubernetesClient client() {
        return client;
    }

    String operatorNamespace() {
        return operatorNamespace;
    }

    /** An image with a shell, wget and sleep. */
    String busyboxImage() {
        return busyboxImage;
    }

    /** An image with a redis-server. */
    String redisImage() {
        return redisImage;
    }

    /** An image with a program of this name, if there is one for these tests. */
    Optional<String> proxyImage(String program) {
        return Optional.ofNullable(proxyImages.get(program));
    }

    /** A gateway's API, through its Service. */
    GatewayApi api(String namespace, String gateway) {
        return behind(namespace, gateway + "-gateway");
    }

    /** The API behind a proxy, through the proxy's Service. Its port is named http. */
    GatewayApi behind(String namespace, String service) {
        return new GatewayApi(
                proxyAddress.resolve("/api/v1/namespaces/" + namespace + "/services/" + service + ":http/proxy/"));
    }

    /** Creates a namespace that enforces the restricted profile. Deleting it deletes everything that a test created in it. */
    TestNamespace namespace(String name) {
        return namespace(name, Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    }

    /** Creates a namespace that accepts any pod. */
    TestNamespace privilegedNamespace(String name) {
        return namespace(name, Map.of());
    }

    private TestNamespace namespace(String name, Map<String, String> labels) {
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata();
        client.namespaces().resource(namespace.build()).create();
        return new TestNamespace(this, name);
    }

    /** The operator's pods that are not being deleted. */
    List<Pod> operatorPods() {
        return staying(operatorNamespace, Map.of("app.kubernetes.io/component", "operator"));
    }

    Resource<WaitingRoom> room(String namespace, String name) {
        return client.resources(WaitingRoom.class).inNamespace(namespace).withName(name);
    }

    Resource<WaitingRoomGateway> gateway(String namespace, String name) {
        return client.resources(WaitingRoomGateway.class).inNamespace(namespace).withName(name);
    }

    /** A gateway's pods that are not being deleted. */
    List<Pod> pods(String namespace, String gateway) {
        return staying(namespace, Map.of("waitingroom.dev/gateway", gateway));
    }

    private List<Pod> staying(String namespace, Map<String, String> labels) {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    @Override
    public void close() {
        proxy.destroy();
        client.close();
    }
}
