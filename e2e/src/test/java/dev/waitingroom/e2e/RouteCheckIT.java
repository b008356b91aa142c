package dev.waitingroom.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.waitingroom.testkit.docs.DocPage;
import dev.waitingroom.testkit.docs.DocumentedProxy;
import dev.waitingroom.testkit.docs.DocumentedProxy.Addresses;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shop behind proxies in pods, which ask the room as docs/protect says. */
@OnCluster
@Isolated(
        "rolling updates of seven pods, beside those of other classes, are more than a node of two processors can do in minutes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteCheckIT {
    /** Through each proxy. {@code -De2e.requests=10000} for more. */
    private static final int REQUESTS = Integer.getInteger("e2e.requests", 1_000);

    /** Through each proxy. */
    private static final int REQUESTS_PER_SECOND = 20;

    private static final int VISITORS = 10;
    private static final int PODS = 2;
    private static final String ROOM = "concert";
    private static final String PAGE = "the seats of the shop";

    private final Cluster cluster;
    private final TestNamespace namespace;

    RouteCheckIT(Cluster cluster) {
        this.cluster = cluster;
        namespace = cluster.namespace("route-check");
    }

    @BeforeAll
    void open() {
        namespace.apply(Manifests.shop(cluster.busyboxImage(), PAGE));
        namespace.apply(room());
        proxies().forEach(this::start);
        namespace.awaitRoom(ROOM);
        namespace.awaitGateway("default", PODS);
        Stream.concat(Stream.of("shop"), proxies().map(DocumentedProxy::program))
                .forEach(deployment ->
                        namespace.kubectl("rollout", "status", "deployment/" + deployment, "--timeout=180s"));
    }

    /** The room of docs/protect, with a gateway for small nodes, wherever these have their pods. */
    private static String room() {
        String clients = "clients: {trustedProxies: [10.0.0.0/8]}";
        String yaml = DocPage.read("README.md").blocks("yaml").getFirst();
        assertThat(yaml).contains(clients);
        return yaml.replace(clients, """
                clients: {trustedProxies: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}
                  replicas: {min: 2, max: 2}
                  resources: {requests: {cpu: 50m, memory: 256Mi}}""");
    }

    private Stream<DocumentedProxy> proxies() {
        return Arrays.stream(DocumentedProxy.values())
                .filter(proxy -> cluster.proxyImage(proxy.program()).isPresent());
    }

    private void start(DocumentedProxy proxy) {
        String name = proxy.program();
        Path directory = Path.of("/etc", name);
        // HAProxy's resolvers know no search domains, as its page says.
        String gateway = proxy == DocumentedProxy.HAPROXY
                ? "default-gateway." + namespace.name() + ".svc.cluster.local:80"
                : "default-gateway:80";
        var addresses = new Addresses("0.0.0.0", 8080, gateway, "shop:8080");
        var files = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withData(proxy.files(directory, addresses))
                .build();
        cluster.client()
                .configMaps()
                .inNamespace(namespace.name())
                .resource(files)
                .create();
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(proxy.arguments(directory, Path.of("/tmp")));
        namespace.apply(Manifests.proxy(name, cluster.proxyImage(name).orElseThrow(), command));
    }

    @AfterAll
    void close() {
        namespace.close();
    }

    @ParameterizedTest
    @EnumSource
    void visitorIsSentToThePageAndComesBackToTheUrlAskedFor(DocumentedProxy proxy) throws Exception {
        assumeTrue(
                cluster.proxyImage(proxy.program()).isPresent(), proxy.program() + " is not installed on this machine");
        GatewayApi door = door(proxy);

        HttpResponse<String> sent = get(door, "?row=3", "");
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
        assertThat(location(sent)).endsWith("/waiting/concert?return=%2F%3Frow%3D3");

        var form = new PageForm(door, ROOM);
        HttpResponse<String> entered = form.join("/?row=3");
        assertThat(entered.statusCode()).isEqualTo(303);
        assertThat(location(entered)).endsWith("/?row=3");

        HttpResponse<String> shop = get(door, "?row=3", form.session(entered));
        assertThat(shop.statusCode()).isEqualTo(200);
        assertThat(shop.body().strip()).isEqualTo(PAGE);
    }

    @Test
    void rollingUpdatesOfTheGatewayFailNoRequestAndLetNobodyInWithoutAdmission() {
        Map<DocumentedProxy, Browsing> visits = new EnumMap<>(DocumentedProxy.class);
        try {
            proxies().forEach(proxy -> visits.put(proxy, browse(proxy)));
            assumeTrue(!visits.isEmpty(), "none of the proxies is installed on this machine");
            do {
                new RollingUpdate(namespace, "default", PODS).run();
            } while (visits.values().stream().anyMatch(visit -> visit.answered() < REQUESTS));
        } finally {
            visits.values().forEach(Browsing::close);
        }
        visits.forEach((proxy, visit) -> {
            assertThat(visit.intrusions()).as(proxy.program()).isEmpty();
            assertThat(visit.failures()).as(proxy.program()).isEmpty();
        });
    }

    private Browsing browse(DocumentedProxy proxy) {
        GatewayApi door = door(proxy);
        var form = new PageForm(door, ROOM);
        List<String> cookies = Stream.generate(form::enter).limit(VISITORS).toList();
        return new Browsing(door, cookies, PAGE, REQUESTS_PER_SECOND);
    }

    private GatewayApi door(DocumentedProxy proxy) {
        return cluster.behind(namespace.name(), proxy.program());
    }

    private static HttpResponse<String> get(GatewayApi door, String path, String cookie) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(door.base().resolve(path)).header("Accept", "text/html");
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return door.http().send(request.build(), BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("");
    }
}
