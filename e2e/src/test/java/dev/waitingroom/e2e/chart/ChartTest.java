package dev.waitingroom.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.waitingroom.api.v1alpha1.Labels;
import dev.waitingroom.operator.OperatorSettings;
import dev.waitingroom.operator.redis.RedisLocation;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
    private static final String REDIS = "redis.url=redis://redis:6379";
    private static final String NAME = "test-waitingroom-operator";

    private static final String AGGREGATED = "rbac.authorization.k8s.io/aggregate-to-";

    private static final Optional<Helm> FOUND = Helm.find();

    @BeforeAll
    static void needsHelm() {
        if (FOUND.isEmpty()) {
            abort("The chart is not tested: there is no helm on the PATH; e2e/cluster/build makes one.");
        }
    }

    @Test
    void lintsWithoutAWarning() {
        assertThat(helm().run(List.of("lint", "--strict", Helm.CHART.toString())))
                .satisfies(outcome -> {
                    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
                    assertThat(outcome.text()).doesNotContain("[WARNING]");
                });
    }

    @Test
    void namesTheImagesOfThisVersion() {
        String version = System.getProperty("project.version");

        Container operator = operator(render(REDIS));

        assertThat(operator.getImage()).isEqualTo("waitingroom-operator:" + version);
        assertThat(environment(operator)).containsEntry("GATEWAY_IMAGE", "waitingroom-gateway:" + version);
    }

    @Test
    void givesTheOperatorAValidEnvironment() {
        List<HasMetadata> objects = render(
                REDIS,
                "redis.username=wr",
                "redis.password=s",
                "redis.sentinelUsername=watcher",
                "redis.sentinelPassword=t",
                "watchNamespaces={shop,fair}");

        OperatorSettings settings = OperatorSettings.from(environment(operator(objects)));

        assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("shop", "fair");
        assertThat(settings.leaderElection()).isTrue();
        assertThat(settings.adminPort())
                .isEqualTo(operator(objects).getPorts().getFirst().getContainerPort());
        assertThat(settings.redisSecret())
                .contains(only(objects, Secret.class).getMetadata().getName());
    }

    @Test
    void keepsRedisCredentialsInASecretAlone() {
        List<HasMetadata> objects = render(
                "redis.url=rediss://redis:6380",
                "redis.username=wr",
                "redis.password=s3cret",
                "redis.sentinelPassword=s3cret2");

        assertThat(decoded(only(objects, Secret.class)))
                .isEqualTo(Map.of(
                        "url",
                        "rediss://redis:6380",
                        "username",
                        "wr",
                        "password",
                        "s3cret",
                        "sentinelPassword",
                        "s3cret2"));
        assertThat(deployment(objects).toString()).doesNotContain("s3cret").doesNotContain("rediss://");
    }

    @Test
    void keepsTheClientCertificateOfRedisInTheSecret() {
        List<HasMetadata> objects = render(
                "redis.url=rediss://redis:6380",
                "redis.clientCertificate=-----BEGIN CERTIFICATE-----",
                "redis.clientKey=-----BEGIN RSA PRIVATE KEY-----");

        assertThat(decoded(only(objects, Secret.class)))
                .containsEntry(RedisLocation.CLIENT_CERTIFICATE, "-----BEGIN CERTIFICATE-----")
                .containsEntry(RedisLocation.CLIENT_KEY, "-----BEGIN RSA PRIVATE KEY-----");
    }

    /** The operator reads the Secret through the API, so another password needs no new pod. */
    @Test
    void doesNotRestartTheOperatorForAnotherRedis() {
        assertThat(deployment(render("redis.url=redis://one")))
                .isEqualTo(deployment(render("redis.url=redis://two", "redis.password=s")));
    }

    @Test
    void usesAnExistingSecretUnchanged() {
        List<HasMetadata> objects = render("redis.existingSecret=mine");

        assertThat(all(objects, Secret.class)).isEmpty();
        assertThat(OperatorSettings.from(environment(operator(objects))).redisSecret())
                .contains("mine");
    }

    @Test
    void runsWithoutAnInstalledRedis() {
        assertThat(OperatorSettings.from(environment(operator(render()))).redisSecret())
                .isEmpty();
    }

    @Test
    void runsEveryPodUnderTheRestrictedProfile() {
        List<HasMetadata> objects = render(REDIS);

        List<PodSpec> pods = Stream.concat(
                        all(objects, Deployment.class).stream()
                                .map(made -> made.getSpec().getTemplate().getSpec()),
                        all(objects, Pod.class).stream().map(Pod::getSpec))
                .toList();

        assertThat(pods).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getVolumes())
                    .allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
            assertThat(pod.getContainers()).allSatisfy(container -> {
                var security = container.getSecurityContext();
                assertThat(security.getAllowPrivilegeEscalation()).isFalse();
                assertThat(security.getReadOnlyRootFilesystem()).isTrue();
                assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
                assertThat(security.getCapabilities().getAdd()).isEmpty();
            });
        });
    }

    @Test
    void grantsExactlyTheRightsThatReconcilersUse() {
        List<HasMetadata> objects = render(REDIS);

        assertThat(rights(operatorRole(objects).getRules()))
                .isEqualTo(Map.ofEntries(
                        Map.entry("waitingroom.dev/waitingrooms", Set.of("get", "list", "watch", "patch")),
                        Map.entry(
                                "waitingroom.dev/waitingroomgateways",
                                Set.of("get", "list", "watch", "create", "patch")),
                        Map.entry("waitingroom.dev/waitingrooms/status", Set.of("update")),
                        Map.entry("waitingroom.dev/waitingroomgateways/status", Set.of("update")),
                        Map.entry("waitingroom.dev/waitingroomgateways/finalizers", Set.of("update")),
                        Map.entry("apps/deployments", Set.of("get", "list", "watch", "create", "patch")),
                        Map.entry("/services", Set.of("get", "list", "watch", "create", "patch")),
                        Map.entry("policy/poddisruptionbudgets", Set.of("get", "list", "watch", "create", "patch")),
                        Map.entry(
                                "networking.k8s.io/networkpolicies", Set.of("get", "list", "watch", "create", "patch")),
                        Map.entry("/pods", Set.of("list", "watch")),
                        Map.entry("/configmaps", Set.of("get")),
                        Map.entry("discovery.k8s.io/endpointslices", Set.of("list")),
                        Map.entry("/secrets", Set.of("get", "list", "watch", "create", "update", "patch", "delete")),
                        Map.entry("/events", Set.of("create"))));
        assertThat(rights(only(objects, Role.class).getRules()))
                .isEqualTo(Map.of(
                        "coordination.k8s.io/leases", Set.of("create", "list"),
                        "coordination.k8s.io/leases/=waitingroom-operator", Set.of("get", "update")));
        assertThat(only(objects, Role.class).getMetadata().getNamespace())
                .isEqualTo(environment(operator(objects)).get("LEASE_NAMESPACE"))
                .isEqualTo("default");
    }

    @Test
    void canOnlyRemoveFinalizersOutsideTheNamedNamespaces() {
        List<HasMetadata> all = render(REDIS);
        List<HasMetadata> some = render(REDIS, "watchNamespaces={shop,fair}");

        Map<String, Set<String>> everywhere = rights(operatorRole(some).getRules());
        assertThat(everywhere).containsEntry("/namespaces/=shop,fair", Set.of("get"));
        assertThat(everywhere.keySet())
                .allMatch(right -> right.startsWith("waitingroom.dev/") || right.equals("/namespaces/=shop,fair"));
        assertThat(rights(role(some, "ops").getRules()))
                .isEqualTo(Map.of("/secrets/=" + NAME + "-redis", Set.of("get")));
        assertThat(rights(role(some, "default").getRules()))
                .isEqualTo(Map.of(
                        "coordination.k8s.io/leases",
                        Set.of("create"),
                        "coordination.k8s.io/leases/=waitingroom-operator.shop,waitingroom-operator.fair",
                        Set.of("get", "update"),
                        "coordination.k8s.io/leases/=waitingroom-operator",
                        Set.of("get")));
        for (String namespace : List.of("shop", "fair")) {
            var both = new TreeMap<>(rights(role(some, namespace).getRules()));
            both.putAll(everywhere);
            both.remove("/namespaces/=shop,fair");
            assertThat(both).isEqualTo(rights(operatorRole(all).getRules()));
        }
        assertThat(all(some, RoleBinding.class))
                .hasSize(4)
                .allSatisfy(binding -> assertThat(binding.getSubjects()).allSatisfy(subject -> {
                    assertThat(subject.getName()).isEqualTo(NAME);
                    assertThat(subject.getNamespace()).isEqualTo("ops");
                }));
    }

    @Test
    void protectsTargetsOnlyIfAllowed() {
        Set<String> own = Set.of("get", "list", "create", "patch", "delete");
        List<HasMetadata> allowed = render(REDIS, "rbac.targetRefs=true");

        assertThat(rights(all(allowed, ClusterRole.class).stream()
                        .filter(role -> role.getMetadata().getName().contains("-target"))
                        .flatMap(role -> role.getRules().stream())
                        .toList()))
                .isEqualTo(Map.of(
                        "gateway.networking.k8s.io/httproutes", Set.of("get"),
                        "gateway.networking.k8s.io/gateways", Set.of("get"),
                        "gateway.networking.k8s.io/gatewayclasses", Set.of("get"),
                        "gateway.networking.k8s.io/referencegrants", own,
                        "networking.k8s.io/ingresses", Set.of("get", "patch"),
                        "networking.k8s.io/ingressclasses", Set.of("get", "list"),
                        "gateway.envoyproxy.io/securitypolicies", own,
                        "traefik.io/middlewares", own,
                        "security.istio.io/authorizationpolicies", own));
        assertThat(targetBindings(allowed)).containsExactlyInAnyOrder(" target-classes", " targets");
        assertThat(targetBindings(render(REDIS, "rbac.targetRefs=true", "watchNamespaces={shop,fair}")))
                .containsExactlyInAnyOrder(" target-classes", "shop targets", "fair targets");
        assertThat(targetBindings(render(REDIS))).isEmpty();
    }

    /** Each as its namespace, if it has one, and the end of its role's name. */
    private static List<String> targetBindings(List<HasMetadata> objects) {
        Stream<String> everywhere = all(objects, ClusterRoleBinding.class).stream()
                .map(binding -> " " + binding.getRoleRef().getName());
        Stream<String> some = all(objects, RoleBinding.class).stream()
                .map(binding -> binding.getMetadata().getNamespace() + " "
                        + binding.getRoleRef().getName());
        return Stream.concat(everywhere, some)
                .filter(text -> text.contains("-target"))
                .map(text -> text.replaceFirst(" .*\\.ops-", " "))
                .toList();
    }

    @Test
    void allowsReleasesOfOneNameInSeveralNamespaces() {
        assertThat(all(render(REDIS), ClusterRole.class))
                .allSatisfy(role -> assertThat(role.getMetadata().getName()).startsWith(NAME + ".ops"));
        assertThat(all(render(REDIS), ClusterRoleBinding.class))
                .allSatisfy(role -> assertThat(role.getMetadata().getName()).isEqualTo(NAME + ".ops"));
    }

    @Test
    void extendsTheUsualRolesWithBothKinds() {
        Map<String, Set<String>> viewers = new TreeMap<>();
        Map<String, Set<String>> editors = new TreeMap<>();
        for (ClusterRole role : all(render(REDIS), ClusterRole.class)) {
            Map<String, String> labels = role.getMetadata().getLabels();
            if (labels.containsKey(AGGREGATED + "view")) {
                viewers.putAll(rights(role.getRules()));
                assertThat(labels).containsKeys(AGGREGATED + "edit", AGGREGATED + "admin");
            } else if (labels.containsKey(AGGREGATED + "edit")) {
                editors.putAll(rights(role.getRules()));
                assertThat(labels).containsKey(AGGREGATED + "admin");
            }
        }

        for (String kind : List.of("waitingroom.dev/waitingrooms", "waitingroom.dev/waitingroomgateways")) {
            assertThat(viewers).containsEntry(kind, Set.of("get", "list", "watch"));
            assertThat(editors).containsEntry(kind, Set.of("create", "update", "patch", "delete", "deletecollection"));
        }
        assertThat(all(render(REDIS, "rbac.aggregate=false"), ClusterRole.class))
                .hasSize(1);
    }

    @Test
    void rendersAsTheDependencyOfAnotherChart() {
        assertThat(render(REDIS, "enabled=true", "global.imageRegistry=r")).hasSameSizeAs(render(REDIS));
    }

    @Test
    void keepsOneOfSeveralOperatorsDuringADrain() {
        assertThat(kinds(render(REDIS))).doesNotContain("PodDisruptionBudget");
        assertThat(kinds(render(REDIS, "replicas=2"))).contains("PodDisruptionBudget");
    }

    @Test
    void admitsOnlyMetricsReadersToTheAdminPort() {
        assertThat(kinds(render(REDIS, "networkPolicy.enabled=false"))).doesNotContain("NetworkPolicy");
        NetworkPolicy policy = only(render(REDIS), NetworkPolicy.class);

        assertThat(deployment(render(REDIS))
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
        assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> {
            assertThat(rule.getPorts()).hasSize(1);
            assertThat(rule.getFrom().getFirst().getNamespaceSelector().getMatchLabels())
                    .isEqualTo(Map.of(Labels.METRICS_READER, "true"));
            assertThat(only(render(REDIS), Pod.class).getMetadata().getLabels())
                    .containsAllEntriesOf(rule.getFrom().get(1).getPodSelector().getMatchLabels());
        });
    }

    @Test
    void createsAServiceMonitorOnRequest() {
        assertThat(kinds(render(REDIS))).doesNotContain("ServiceMonitor");
        assertThat(kinds(render(REDIS, "serviceMonitor.enabled=true"))).contains("ServiceMonitor");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    redis.url=http://redis                          | /redis/url
                    redis.url=redis://r,redis.existingSecret=mine   | /redis/url
                    replicas=-1                                     | /replicas
                    logLevel=loud                                   | /logLevel
                    watchNamespaces={Shop}                          | /watchNamespaces/0
                    image.pullPolicy=Sometimes                      | /image/pullPolicy
                    redisUrl=redis://r                              | redisUrl
                    """)
    void refusesValuesThatCannotWork(String values, String named) {
        assertThat(helm().template(values)).satisfies(outcome -> {
            assertThat(outcome.exitCode()).isNotZero();
            assertThat(outcome.text()).contains(named);
        });
    }

    private static ClusterRole operatorRole(List<HasMetadata> objects) {
        return all(objects, ClusterRole.class).stream()
                .filter(role -> role.getMetadata().getName().equals(NAME + ".ops"))
                .findFirst()
                .orElseThrow();
    }

    private static Role role(List<HasMetadata> objects, String namespace) {
        return all(objects, Role.class).stream()
                .filter(role -> role.getMetadata().getNamespace().equals(namespace))
                .findFirst()
                .orElseThrow();
    }

    private static Helm helm() {
        return FOUND.orElseThrow();
    }

    private static List<HasMetadata> render(String... values) {
        return helm().render(values);
    }

    private static Deployment deployment(List<HasMetadata> objects) {
        return only(objects, Deployment.class);
    }

    private static Container operator(List<HasMetadata> objects) {
        return deployment(objects)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    /** As the kubelet does, with invented values for those that it would look up. */
    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream()
                .collect(Collectors.toMap(
                        EnvVar::getName, variable -> variable.getValueFrom() == null ? variable.getValue() : "value"));
    }

    /** Maps group/resource, with the names if the rule is restricted to some, to verbs. */
    private static Map<String, Set<String>> rights(List<PolicyRule> rules) {
        var rights = new TreeMap<String, Set<String>>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    String names =
                            rule.getResourceNames().isEmpty() ? "" : "/=" + String.join(",", rule.getResourceNames());
                    rights.computeIfAbsent(group + "/" + resource + names, key -> new TreeSet<>())
                            .addAll(rule.getVerbs());
                }
            }
        }
        return rights;
    }

    private static Map<String, String> decoded(Secret secret) {
        return secret.getData().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8)));
    }

    private static Set<String> kinds(List<HasMetadata> objects) {
        return objects.stream().map(HasMetadata::getKind).collect(Collectors.toSet());
    }

    private static <T extends HasMetadata> List<T> all(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> type) {
        List<T> found = all(objects, type);
        assertThat(found).as(type.getSimpleName()).hasSize(1);
        return found.getFirst();
    }
}
