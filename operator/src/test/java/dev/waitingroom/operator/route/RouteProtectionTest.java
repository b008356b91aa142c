package dev.waitingroom.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.waitingroom.api.v1alpha1.AncestorStatus;
import dev.waitingroom.api.v1alpha1.Condition;
import dev.waitingroom.api.v1alpha1.WaitingRoom;
import dev.waitingroom.api.v1alpha1.WaitingRoomStatus;
import dev.waitingroom.operator.route.RouteProtection.Outcome;
import dev.waitingroom.operator.status.ConditionSet;
import dev.waitingroom.queue.GatewayId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteProtectionTest {
    private static final GatewayId GATEWAY = new GatewayId("shop", "default");
    private static final ServingGateway SERVING = new ServingGateway(GATEWAY, true, true);
    private static final String AUTH_URL = "nginx.ingress.kubernetes.io/auth-url";
    private static final String MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";
    private static final String INGRESS = "{group: networking.k8s.io, kind: Ingress, name: web}";
    private static final String ROUTE = "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web}";
    private static final String ROUTE_ELSEWHERE =
            "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web, namespace: web}";

    private final FakeRouteApi api = new FakeRouteApi();
    private Instant now = Instant.parse("2026-11-30T20:00:00Z");
    private final RouteProtection protection = new RouteProtection(api, () -> now, "cluster.local");
    private long generation;
    private WaitingRoom room = room();

    @BeforeEach
    void installClasses() {
        api.put("""
                apiVersion: networking.k8s.io/v1
                kind: IngressClass
                metadata: {name: nginx}
                spec: {controller: k8s.io/ingress-nginx}
                ---
                apiVersion: networking.k8s.io/v1
                kind: IngressClass
                metadata: {name: traefik}
                spec: {controller: traefik.io/ingress-controller}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: GatewayClass
                metadata: {name: envoy}
                spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: GatewayClass
                metadata: {name: other}
                spec: {controllerName: example.com/gateway}
                """);
    }

    private void ingress(String className, String annotations) {
        api.put("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web, namespace: shop, annotations: %s}
                spec: {ingressClassName: %s}
                """.formatted(annotations, className));
    }

    private void route(String namespace, String className, String filters) {
        api.put("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: %1$s}
                spec: {gatewayClassName: %2$s}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: web, namespace: %1$s}
                spec:
                  parentRefs: [{name: edge}]
                  rules:
                    - {backendRefs: [{name: web, port: 80}], filters: %3$s}
                    - {matches: [{path: {type: PathPrefix, value: /waiting}}], backendRefs: [{name: default-gateway, port: 80}]}
                    - {matches: [{path: {type: Exact, value: /old}}], filters: [{type: RequestRedirect}]}
                """.formatted(namespace, className, filters));
    }

    private WaitingRoom room(String... targets) {
        return Serialization.unmarshal("""
                apiVersion: waitingroom.dev/v1alpha1
                kind: WaitingRoom
                metadata: {name: concert, namespace: shop, uid: u1, generation: %d}
                spec:
                  admission: {rate: 1, burst: 1}
                  protect: {targetRefs: [%s]}
                """.formatted(++generation, String.join(", ", targets)), WaitingRoom.class);
    }

    /** The spec changes; the status stays. */
    private void name(String... targets) {
        WaitingRoomStatus status = room.statusOrNone();
        room = room(targets);
        room.setStatus(status);
    }

    private Outcome protect() {
        return protect(true);
    }

    /** One reconciliation that writes the status, as the reconciler does. */
    private Outcome protect(boolean serving) {
        Outcome outcome = protection.protect(room, new ServingGateway(GATEWAY, serving, true), this::write);
        write(outcome.ancestors());
        return outcome;
    }

    private void write(List<AncestorStatus> ancestors) {
        room.setStatus(room.statusOrNone().withAncestors(ancestors));
    }

    private Outcome later() {
        now = now.plus(RouteProtection.PERIOD);
        return protect();
    }

    private static String reason(Outcome outcome, String type) {
        return outcome.ancestors().stream()
                .flatMap(ancestor -> ConditionSet.find(ancestor.conditions(), type).stream())
                .map(Condition::reason)
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    private static String message(Outcome outcome) {
        return outcome.finding().orElseThrow().message();
    }

    private Map<String, String> ingressAnnotations() {
        return api.annotations(ApiKind.INGRESS, "shop", "web");
    }

    @Test
    void roomWithoutTargetsAsksTheApiNothing() {
        api.forbidden.addAll(List.of(ApiKind.values()));

        assertThat(protect()).isEqualTo(Outcome.NONE);
        protection.remove(room, GATEWAY);
    }

    @Test
    void targetIsInTheStatusBeforeAnythingIsWritten() {
        ingress("nginx", "{}");
        name(INGRESS);

        protection.protect(room, SERVING, ancestors -> {
            assertThat(ancestors).hasSize(1);
            assertThat(ancestors.get(0).ancestorRef().name()).isEqualTo("web");
            assertThat(api.writes).isEmpty();
            write(ancestors);
        });

        assertThat(api.writes).containsExactly("apply Ingress");
    }

    @Test
    void ingressAsksTheRoomUntilTheReferenceGoes() {
        ingress("nginx", "{team: web}");
        name(INGRESS);

        Outcome there = protect();
        assertThat(there.finding().orElseThrow().isTrue()).isTrue();
        assertThat(reason(there, "Programmed")).isEqualTo("Programmed");
        assertThat(ingressAnnotations())
                .containsEntry(AUTH_URL, "http://default-gateway.shop.svc.cluster.local/verify/nginx/concert")
                .containsEntry("team", "web");

        name();
        assertThat(protect().ancestors()).isEmpty();
        assertThat(ingressAnnotations()).isEqualTo(Map.of("team", "web"));
    }

    @Test
    void nothingIsWrittenAgainThatIsThere() {
        ingress("nginx", "{}");
        name(INGRESS);
        protect();

        later();

        assertThat(api.writes).containsExactly("apply Ingress");
    }

    @Test
    void whatSomebodyRemovedComesBackAfterThePeriod() {
        ingress("nginx", "{}");
        name(INGRESS);
        protect();
        ingress("nginx", "{}");

        protect();
        assertThat(ingressAnnotations()).isEmpty();
        later();
        assertThat(ingressAnnotations()).containsKey(AUTH_URL);
    }

    @Test
    void annotationOfAnotherOwnerStaysAndIsNamed() {
        ingress("nginx", "{" + AUTH_URL + ": 'http://login/check'}");
        name(INGRESS);

        Outcome outcome = protect();

        assertThat(reason(outcome, "Accepted")).isEqualTo("Conflicted");
        assertThat(reason(outcome, "Programmed")).isEqualTo("NotProgrammed");
        assertThat(message(outcome)).contains("Ingress shop/web", "person", "Remove " + AUTH_URL);
        assertThat(ingressAnnotations()).isEqualTo(Map.of(AUTH_URL, "http://login/check"));
    }

    @Test
    void ownerMayAddTheMiddlewareToTheirOwnList() {
        ingress("traefik", "{" + MIDDLEWARES + ": auth@file}");
        name(INGRESS);

        Outcome conflict = protect();
        assertThat(reason(conflict, "Accepted")).isEqualTo("Conflicted");
        String middleware = api.all(ApiKind.MIDDLEWARE).get(0).getMetadata().getName();
        String entry = "shop-" + middleware + "@kubernetescrd";
        assertThat(message(conflict)).contains("Add " + entry + " to the list");

        ingress("traefik", "{" + MIDDLEWARES + ": 'auth@file, " + entry + "'}");
        assertThat(reason(later(), "Programmed")).isEqualTo("Programmed");

        name();
        protect();
        assertThat(ingressAnnotations()).isEqualTo(Map.of(MIDDLEWARES, "auth@file, " + entry));
        assertThat(api.all(ApiKind.MIDDLEWARE)).isEmpty();
    }

    @Test
    void targetIsLeftAloneUntilTheGatewayServes() {
        ingress("traefik", "{}");
        name(INGRESS);

        assertThat(reason(protect(false), "Programmed")).isEqualTo("GatewayNotReady");
        assertThat(api.writes).isEmpty();
        assertThat(reason(protect(true), "Programmed")).isEqualTo("Programmed");

        assertThat(reason(protect(false), "Programmed")).isEqualTo("Programmed");
        assertThat(ingressAnnotations()).containsKey(MIDDLEWARES);
    }

    @Test
    void targetOfAnotherControllerGetsWhatThatTakes() {
        ingress("traefik", "{}");
        name(INGRESS);
        protect();
        GenericKubernetesResource ingress = api.all(ApiKind.INGRESS).get(0);
        ingress.setAdditionalProperty("spec", Map.of("ingressClassName", "nginx"));

        later();

        assertThat(ingressAnnotations()).containsKey(AUTH_URL).doesNotContainKey(MIDDLEWARES);
        assertThat(api.all(ApiKind.MIDDLEWARE)).isEmpty();
    }

    @Test
    void targetWhoseControllerCannotAskIsReleased() {
        ingress("traefik", "{}");
        name(INGRESS);
        protect();
        api.all(ApiKind.INGRESS).get(0).setAdditionalProperty("spec", Map.of("ingressClassName", "gone"));

        assertThat(reason(later(), "Accepted")).isEqualTo("NoController");
        assertThat(ingressAnnotations()).isEmpty();
        assertThat(api.all(ApiKind.MIDDLEWARE)).isEmpty();
    }

    @Test
    void ownerOfARouteIsToldWhichFilterToAdd() {
        route("shop", "other", "[]");
        name(ROUTE);

        Outcome missing = protect();
        assertThat(reason(missing, "Accepted")).isEqualTo("Accepted");
        assertThat(reason(missing, "Programmed")).isEqualTo("FilterMissing");
        String message = message(missing);
        assertThat(message).contains("type: \"ExternalAuth\"", "path: \"/verify/envoy/concert\"");

        String filters = message.substring(message.indexOf("\n- ") + 1);
        route("shop", "other", Serialization.asJson(Serialization.unmarshal(filters, List.class)));
        assertThat(reason(later(), "Programmed")).isEqualTo("Programmed");
        assertThat(api.writes).isEmpty();
    }

    @Test
    void controllersRefusalIsReported() {
        route("shop", "envoy", "[]");
        name(ROUTE);
        assertThat(reason(protect(), "Programmed")).isEqualTo("Programmed");

        api.all(ApiKind.SECURITY_POLICY)
                .get(0)
                .setAdditionalProperty("status", Serialization.unmarshal("""
                        ancestors:
                          - conditions:
                              - {type: Accepted, status: "False", reason: Conflicted, message: another policy, observedGeneration: 1}
                        """, Map.class));
        Outcome refused = later();

        assertThat(reason(refused, "Programmed")).isEqualTo("RefusedByController");
        assertThat(message(refused)).contains("Conflicted: another policy");
    }

    @Test
    void targetInAnotherNamespaceNeedsAReferenceGrant() {
        route("web", "envoy", "[]");
        name(ROUTE_ELSEWHERE);
        assertThat(reason(protect(), "ResolvedRefs")).isEqualTo("RefNotPermitted");
        assertThat(api.writes).isEmpty();

        api.put("""
                apiVersion: gateway.networking.k8s.io/v1beta1
                kind: ReferenceGrant
                metadata: {name: rooms, namespace: web}
                spec:
                  from: [{group: waitingroom.dev, kind: WaitingRoom, namespace: shop}]
                  to: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: web}]
                """);
        assertThat(reason(later(), "Programmed")).isEqualTo("Programmed");
        assertThat(api.all(ApiKind.SECURITY_POLICY).get(0).getMetadata().getNamespace())
                .isEqualTo("web");
        assertThat(api.all(ApiKind.REFERENCE_GRANT)).hasSize(2);

        api.remove(ApiKind.REFERENCE_GRANT, "web", "rooms");
        assertThat(reason(later(), "ResolvedRefs")).isEqualTo("RefNotPermitted");
        assertThat(api.all(ApiKind.SECURITY_POLICY)).isEmpty();
        assertThat(api.all(ApiKind.REFERENCE_GRANT)).isEmpty();
    }

    @Test
    void missingRightsAreNamedAndWhatIsThereStays() {
        ingress("traefik", "{}");
        name(INGRESS);
        protect();
        api.forbidden.add(ApiKind.INGRESS_CLASS);

        Outcome outcome = later();

        assertThat(reason(outcome, "Accepted")).isEqualTo("RightsMissing");
        assertThat(message(outcome)).contains("ingressclasses is forbidden", "rbac.targetRefs=true");
        assertThat(ingressAnnotations()).containsKey(MIDDLEWARES);
        assertThat(api.all(ApiKind.MIDDLEWARE)).hasSize(1);
    }

    @Test
    void failureOfTheApiKeepsTheTargetsInTheStatus() {
        ingress("traefik", "{}");
        name(INGRESS);
        protect();
        name(ROUTE);
        api.broken.add(ApiKind.INGRESS);

        Outcome outcome = later();

        assertThat(outcome.finding().orElseThrow().reason()).isEqualTo("TargetsUnknown");
        assertThat(outcome.ancestors())
                .extracting(ancestor -> ancestor.ancestorRef().kind())
                .containsExactlyInAnyOrder("Ingress", "HTTPRoute");
        assertThat(api.all(ApiKind.MIDDLEWARE)).hasSize(1);

        api.broken.clear();
        assertThat(later().ancestors())
                .extracting(ancestor -> ancestor.ancestorRef().kind())
                .containsExactly("HTTPRoute");
        assertThat(ingressAnnotations()).isEmpty();
        assertThat(api.all(ApiKind.MIDDLEWARE)).isEmpty();
    }

    @Test
    void missingKindsAreNamed() {
        route("shop", "envoy", "[]");
        name(ROUTE);
        api.installed.remove(ApiKind.SECURITY_POLICY);
        assertThat(reason(protect(), "Accepted")).isEqualTo("KindNotInstalled");

        api.installed.remove(ApiKind.HTTP_ROUTE);
        assertThat(reason(later(), "Accepted")).isEqualTo("TargetNotFound");
    }

    @Test
    void missingTargetIsNamedAndItsObjectsGo() {
        route("shop", "envoy", "[]");
        name(ROUTE);
        protect();
        api.remove(ApiKind.HTTP_ROUTE, "shop", "web");

        Outcome outcome = later();

        assertThat(reason(outcome, "Accepted")).isEqualTo("TargetNotFound");
        assertThat(message(outcome)).contains("HTTPRoute shop/web does not exist");
        assertThat(api.all(ApiKind.SECURITY_POLICY)).isEmpty();
    }

    @Test
    void objectOfThatNameThatIsNotOursStays() {
        route("shop", "envoy", "[]");
        name(ROUTE);
        protect();
        GenericKubernetesResource policy = api.all(ApiKind.SECURITY_POLICY).get(0);
        policy.getMetadata().setLabels(Map.of());
        policy.setAdditionalProperty("spec", Map.of("theirs", true));

        assertThat(reason(later(), "Accepted")).isEqualTo("Conflicted");
        protection.remove(room, GATEWAY);

        assertThat(api.all(ApiKind.SECURITY_POLICY).get(0).getAdditionalProperties())
                .containsEntry("spec", Map.of("theirs", true));
    }

    @Test
    void gatewayThatTrustsNoProxyIsNamed() {
        ingress("nginx", "{}");
        name(INGRESS);

        Outcome outcome = protection.protect(room, new ServingGateway(GATEWAY, true, false), ancestors -> {});

        assertThat(reason(outcome, "Programmed")).isEqualTo("ProxyNotTrusted");
        assertThat(outcome.ancestors().get(0).conditions().get(2).message()).contains("spec.clients.trustedProxies");
        assertThat(outcome.finding().orElseThrow().isTrue()).isTrue();
    }

    @Test
    void deletedRoomLeavesNoTrace() {
        ingress("traefik", "{team: web}");
        route("shop", "envoy", "[]");
        name(INGRESS, ROUTE);
        protect();
        assertThat(api.all(ApiKind.SECURITY_POLICY)).hasSize(1);

        protection.remove(room, GATEWAY);

        assertThat(ingressAnnotations()).isEqualTo(Map.of("team", "web"));
        assertThat(api.all(ApiKind.MIDDLEWARE)).isEmpty();
        assertThat(api.all(ApiKind.SECURITY_POLICY)).isEmpty();
        // The annotation names the Middleware, so it goes first.
        assertThat(api.writes.indexOf("delete Middleware")).isGreaterThan(api.writes.lastIndexOf("apply Ingress"));
    }

    @Test
    void deletedRoomLeavesWhatItMayNotChange() {
        ingress("traefik", "{}");
        name(INGRESS);
        protect();
        api.forbidden.addAll(List.of(ApiKind.INGRESS, ApiKind.MIDDLEWARE));

        protection.remove(room, GATEWAY);

        assertThat(ingressAnnotations()).containsKey(MIDDLEWARES);
    }

    @Test
    void twoRoomsOnOneTargetConflict() {
        ingress("nginx", "{}");
        name(INGRESS);
        protect();
        WaitingRoom other = room(INGRESS);
        other.getMetadata().setName("other");
        other.getMetadata().setUid("u2");

        Outcome outcome = protection.protect(other, SERVING, ancestors -> {});

        assertThat(reason(outcome, "Accepted")).isEqualTo("Conflicted");
        assertThat(ingressAnnotations().get(AUTH_URL)).endsWith("/verify/nginx/concert");
    }
}
