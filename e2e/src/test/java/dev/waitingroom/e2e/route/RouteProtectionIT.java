package dev.waitingroom.e2e.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.e2e.chart.Helm;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the operator writes, on a real kube-apiserver with each project's own CRDs and the rights of the chart. Each test has a namespace of its
 * own. Nobody here plays the controllers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class RouteProtectionIT {
    private static final Path PLANS = Path.of("../operator/src/test/resources/dev/waitingroom/operator/route/plans");
    private static final String INGRESS = "{group: networking.k8s.io, kind: Ingress, name: web}";
    private static final String ROUTE = "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web}";
    private static final String GATEWAY_API = "gateway.networking.k8s.io/v1";
    private static final String NGINX = "nginx.ingress.kubernetes.io/";
    private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";

    private RouteSite site;

    @BeforeAll
    void start() throws IOException {
        Helm helm = Helm.find().orElseGet(() -> abort("There is no helm; e2e/cluster/build makes one."));
        site = RouteSite.start(helm);
        Map.of("nginx", "k8s.io/ingress-nginx", "traefik", "traefik.io/ingress-controller")
                .forEach((name, controller) -> site.apply("""
                        apiVersion: networking.k8s.io/v1
                        kind: IngressClass
                        metadata: {name: %s}
                        spec: {controller: %s}
                        """.formatted(name, controller)));
        Map.of(
                        "envoy", "gateway.envoyproxy.io/gatewayclass-controller",
                        "istio", "istio.io/gateway-controller",
                        "traefik", "traefik.io/gateway-controller",
                        "other", "example.com/gateway")
                .forEach((name, controller) -> site.apply("""
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: GatewayClass
                        metadata: {name: %s}
                        spec: {controllerName: %s}
                        """.formatted(name, controller)));
    }

    @AfterAll
    void stop() {
        if (site != null) {
            site.close();
        }
    }

    static Stream<Path> plans() {
        try (Stream<Path> folders = Files.list(PLANS)) {
            return folders.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Strict: a field that the CRD does not know is an error. */
    @ParameterizedTest
    @MethodSource("plans")
    void crdsTakeWhatTheWritersPlan(Path folder) throws IOException {
        String namespace = "plan-" + folder.getFileName();
        site.namespace(namespace);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = Objects.requireNonNull(file.getFileName()).toString();
                String yaml = Files.readString(file);
                if (name.matches("out-[A-Z].*")) {
                    assertTaken(namespace, Serialization.unmarshal(yaml, GenericKubernetesResource.class));
                } else if (name.equals("out-filters.yaml")) {
                    assertTaken(namespace, route(Serialization.unmarshal(yaml, List.class)));
                }
            }
        }
    }

    private void assertTaken(String namespace, GenericKubernetesResource object) {
        object.getMetadata().setNamespace(namespace);
        GenericKubernetesResource taken =
                site.admin().resource(object).fieldValidation(Validation.STRICT).create();
        JsonNode wanted = tree(object).get("spec");
        JsonNode there = tree(taken).get("spec");
        assertThat(missing("spec", wanted, there)).isEmpty();
    }

    /** The paths of fields that the API server dropped or changed. */
    private static List<String> missing(String path, JsonNode wanted, JsonNode there) {
        if (wanted.isObject()) {
            return wanted.properties().stream()
                    .flatMap(field ->
                            missing(path + "." + field.getKey(), field.getValue(), there.path(field.getKey())).stream())
                    .toList();
        }
        if (wanted.isArray() && there.size() == wanted.size()) {
            return Stream.iterate(0, i -> i < wanted.size(), i -> i + 1)
                    .flatMap(i -> missing(path + "[" + i + "]", wanted.get(i), there.get(i)).stream())
                    .toList();
        }
        return wanted.asText().equals(there.asText()) && wanted.size() == there.size() ? List.of() : List.of(path);
    }

    private static GenericKubernetesResource route(List<?> filters) {
        var route = Serialization.unmarshal(routeYaml("any", "[]"), GenericKubernetesResource.class);
        var rule = Map.of("filters", filters, "backendRefs", List.of(Map.of("name", "web", "port", 80)));
        route.setAdditionalProperty(
                "spec", Map.of("parentRefs", List.of(Map.of("name", "edge")), "rules", List.of(rule)));
        return route;
    }

    private static String routeYaml(String namespace, String filters) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: web, namespace: %s}
                spec:
                  hostnames: [shop.example]
                  parentRefs: [{name: edge}]
                  rules: [{backendRefs: [{name: web, port: 80}], filters: %s}]
                """.formatted(namespace, filters);
    }

    private void applyRoute(String namespace, String className) {
        site.apply("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: %s}
                spec: {gatewayClassName: %s, listeners: [{name: http, port: 80, protocol: HTTP}]}
                """.formatted(namespace, className));
        site.apply(routeYaml(namespace, "[]"));
    }

    private void applyIngress(String namespace, String className, String annotations) {
        site.apply("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web, namespace: %s, annotations: %s}
                spec:
                  ingressClassName: %s
                  rules:
                    - host: shop.example
                      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
                """.formatted(namespace, annotations, className));
    }

    private GenericKubernetesResource ingress(String namespace) {
        return site.get("networking.k8s.io/v1", "Ingress", namespace, "web");
    }

    /** A room whose gateway serves. */
    private void room(String namespace, String... targets) {
        site.applyRoom(namespace, "concert", targets);
        site.startGateway(namespace);
    }

    private static ObjectNode tree(GenericKubernetesResource object) {
        return Serialization.unmarshal(Serialization.asJson(object), ObjectNode.class);
    }

    /** Everything but the version, and the times in managedFields. */
    private static JsonNode trace(GenericKubernetesResource object) {
        ObjectNode tree = tree(object);
        ((ObjectNode) tree.get("metadata")).remove("resourceVersion");
        tree.at("/metadata/managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return tree;
    }

    @Test
    void ingressNginxIsAnnotatedUntilTheRoomIsDeleted() {
        site.namespace("nginx");
        applyIngress("nginx", "nginx", "{team: web}");
        JsonNode before = trace(ingress("nginx"));

        site.applyRoom("nginx", "concert", INGRESS);
        site.awaitCondition("nginx", "concert", "Programmed", "GatewayNotReady");
        assertThat(trace(ingress("nginx"))).isEqualTo(before);
        site.startGateway("nginx");
        site.awaitCondition("nginx", "concert", "Programmed", "Programmed");

        assertThat(ingress("nginx").getMetadata().getAnnotations())
                .containsEntry(
                        NGINX + "auth-url", "http://default-gateway.nginx.svc.cluster.local/verify/nginx/concert")
                .containsEntry("team", "web");

        site.deleteRoom("nginx", "concert");
        assertThat(trace(ingress("nginx"))).isEqualTo(before);
    }

    @Test
    void annotationOfAnotherOwnerIsAConflictAndStays() {
        site.namespace("conflict");
        applyIngress("conflict", "nginx", "{" + NGINX + "auth-url: 'http://login/check'}");
        JsonNode before = trace(ingress("conflict"));
        room("conflict", INGRESS);

        Condition accepted = site.awaitCondition("conflict", "concert", "Accepted", "Conflicted");
        assertThat(accepted.message()).contains("\"" + RouteSite.PERSON + "\"", "auth-url");
        assertThat(trace(ingress("conflict"))).isEqualTo(before);

        applyIngress("conflict", "nginx", "{}");
        site.awaitCondition("conflict", "concert", "Accepted", "Accepted");
        site.deleteRoom("conflict", "concert");
    }

    @Test
    void traefikGetsAMiddlewareAndTheAnnotationUntilTheReferenceGoes() {
        site.namespace("traefik");
        applyIngress("traefik", "traefik", "{}");
        JsonNode before = trace(ingress("traefik"));
        room("traefik", INGRESS);
        site.awaitCondition("traefik", "concert", "Programmed", "Programmed");

        var middlewares = site.written("traefik.io/v1alpha1", "Middleware", "traefik");
        assertThat(middlewares).hasSize(1);
        assertThat(ingress("traefik").getMetadata().getAnnotations())
                .containsEntry(
                        MIDDLEWARES,
                        "traefik-" + middlewares.get(0).getMetadata().getName() + "@kubernetescrd");

        site.applyRoom("traefik", "concert");
        site.awaitReleased("traefik", "concert");
        assertThat(site.written("traefik.io/v1alpha1", "Middleware", "traefik")).isEmpty();
        assertThat(trace(ingress("traefik"))).isEqualTo(before);
    }

    @Test
    void envoyGatewayGetsASecurityPolicyAndItsRefusalIsReported() {
        site.namespace("envoy");
        applyRoute("envoy", "envoy");
        JsonNode before = trace(site.get(GATEWAY_API, "HTTPRoute", "envoy", "web"));
        room("envoy", ROUTE);
        site.awaitCondition("envoy", "concert", "Programmed", "Programmed");

        GenericKubernetesResource policy = site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "envoy")
                .get(0);
        policy.setAdditionalProperty("status", Serialization.unmarshal("""
                ancestors:
                  - ancestorRef: {name: edge}
                    controllerName: gateway.envoyproxy.io/gatewayclass-controller
                    conditions:
                      - {type: Accepted, status: "False", reason: Conflicted, message: another policy, observedGeneration: 1, lastTransitionTime: "2026-11-30T00:00:00Z"}
                """, Map.class));
        site.admin().resource(policy).updateStatus();
        site.awaitCondition("envoy", "concert", "Programmed", "RefusedByController");

        site.deleteRoom("envoy", "concert");
        assertThat(site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "envoy"))
                .isEmpty();
        assertThat(trace(site.get(GATEWAY_API, "HTTPRoute", "envoy", "web"))).isEqualTo(before);
    }

    @Test
    void fieldOfThePolicyThatAPersonTookIsAConflict() {
        site.namespace("taken");
        applyRoute("taken", "envoy");
        room("taken", ROUTE);
        site.awaitCondition("taken", "concert", "Programmed", "Programmed");
        GenericKubernetesResource policy = site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "taken")
                .get(0);
        site.apply("""
                apiVersion: gateway.envoyproxy.io/v1alpha1
                kind: SecurityPolicy
                metadata: {name: %s, namespace: taken}
                spec: {extAuth: {timeout: 9s}}
                """.formatted(policy.getMetadata().getName()));

        Condition accepted = site.awaitCondition("taken", "concert", "Accepted", "Conflicted");
        assertThat(accepted.message()).contains("timeout", "\"" + RouteSite.PERSON + "\"");
        site.deleteRoom("taken", "concert");
        assertThat(site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "taken"))
                .isEmpty();
    }

    @Test
    void istioGetsAnAuthorizationPolicyAndTheMessageHasTheProvider() {
        site.namespace("istio");
        applyRoute("istio", "istio");
        room("istio", ROUTE);

        Condition programmed = site.awaitCondition("istio", "concert", "Programmed", "Programmed");
        assertThat(programmed.message())
                .contains("- name: waitingroom.istio.concert", "pathPrefix: /verify/envoy/concert");
        assertThat(site.written("security.istio.io/v1", "AuthorizationPolicy", "istio"))
                .hasSize(1);

        site.deleteRoom("istio", "concert");
        assertThat(site.written("security.istio.io/v1", "AuthorizationPolicy", "istio"))
                .isEmpty();
    }

    @Test
    void ownerOfARouteAddsTheFilterOfTheMessage() {
        site.namespace("filter");
        applyRoute("filter", "other");
        room("filter", ROUTE);
        String message = site.awaitCondition("filter", "concert", "Programmed", "FilterMissing")
                .message();

        List<?> filters = Serialization.unmarshal(message.substring(message.indexOf("\n- ") + 1), List.class);
        site.apply(routeYaml("filter", Serialization.asJson(filters)));
        site.awaitCondition("filter", "concert", "Programmed", "Programmed");

        JsonNode before = trace(site.get(GATEWAY_API, "HTTPRoute", "filter", "web"));
        site.deleteRoom("filter", "concert");
        assertThat(trace(site.get(GATEWAY_API, "HTTPRoute", "filter", "web"))).isEqualTo(before);
    }

    @Test
    void routeInAnotherNamespaceNeedsAReferenceGrant() {
        site.namespace("rooms");
        site.namespace("routes");
        applyRoute("routes", "envoy");
        room("rooms", "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web, namespace: routes}");
        site.awaitCondition("rooms", "concert", "ResolvedRefs", "RefNotPermitted");

        site.apply("""
                apiVersion: gateway.networking.k8s.io/v1beta1
                kind: ReferenceGrant
                metadata: {name: rooms, namespace: routes}
                spec:
                  from: [{group: waitingroom.dev, kind: WaitingRoom, namespace: rooms}]
                  to: [{group: gateway.networking.k8s.io, kind: HTTPRoute}]
                """);
        site.awaitCondition("rooms", "concert", "Programmed", "Programmed");
        assertThat(site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "routes"))
                .hasSize(1);
        assertThat(site.written("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "rooms"))
                .hasSize(1);

        site.deleteRoom("rooms", "concert");
        assertThat(site.written("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", "routes"))
                .isEmpty();
        assertThat(site.written("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "rooms"))
                .isEmpty();
    }
}
