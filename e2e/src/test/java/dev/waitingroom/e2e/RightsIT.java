package dev.waitingroom.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Compares the operator's rights with its requests in the API server's audit log, after all other tests. Every request was allowed, and
 * every right was used.
 */
@OnCluster
@EnabledIfEnvironmentVariable(named = "E2E_AUDIT_LOG", matches = ".+", disabledReason = "needs the API's audit log")
@Isolated
@Order(Integer.MAX_VALUE)
class RightsIT {
    private static final Set<String> APPLIED =
            Set.of("deployments", "services", "poddisruptionbudgets", "networkpolicies", "secrets");

    /** Rights that are used only when two write at once, or that are checked and never used. */
    private static final Set<String> RARE = Set.of(
            "get waitingroom.dev/waitingrooms",
            "get waitingroom.dev/waitingroomgateways",
            "update waitingroom.dev/waitingroomgateways/finalizers");

    /** Roles for people; the operator does not have them. */
    private static final String FOR_PEOPLE = "rbac.authorization.k8s.io/aggregate-to-admin";

    private final Cluster cluster;
    private final List<JsonNode> requests;

    RightsIT(Cluster cluster) throws IOException {
        this.cluster = cluster;
        requests = requests(cluster.operatorNamespace());
    }

    @Test
    void noRequestOfTheOperatorWasForbidden() {
        assertThat(requests)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.at("/annotations/authorization.k8s.io~1decision")
                                .asText())
                        .isEqualTo("allow"));
    }

    @Test
    void operatorUsesEveryVerbItHas() {
        var used = new TreeSet<String>();
        for (JsonNode request : requests) {
            String verb = request.path("verb").asText();
            JsonNode object = request.path("objectRef");
            if (object.isMissingNode()) {
                continue; // /version, which everyone may read
            }
            String resource = object.path("resource").asText();
            String subresource = object.path("subresource").asText();
            String name = object.path("apiGroup").asText() + "/" + resource
                    + (subresource.isEmpty() ? "" : "/" + subresource);
            used.add(verb + " " + name);
            if (verb.equals("patch") && APPLIED.contains(resource)) {
                used.add("create " + name); // an apply may create the object
            }
        }

        var granted = new TreeSet<>(granted());
        used.addAll(RARE);
        assertThat(used).isEqualTo(granted);
    }

    private Set<String> granted() {
        var labels = Map.of("app.kubernetes.io/name", "waitingroom-operator");
        var rbac = cluster.client().rbac();
        List<PolicyRule> rules = Stream.concat(
                        rbac.clusterRoles().withLabels(labels).list().getItems().stream()
                                .filter(role -> !role.getMetadata().getLabels().containsKey(FOR_PEOPLE))
                                .flatMap(role -> role.getRules().stream()),
                        rbac.roles().inAnyNamespace().withLabels(labels).list().getItems().stream()
                                .flatMap(role -> role.getRules().stream()))
                .toList();
        var granted = new TreeSet<String>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs().forEach(verb -> granted.add(verb + " " + group + "/" + resource));
                }
            }
        }
        return granted;
    }

    private static List<JsonNode> requests(String namespace) throws IOException {
        var json = new ObjectMapper();
        var requests = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(Path.of(Objects.requireNonNull(System.getenv("E2E_AUDIT_LOG"))))) {
            JsonNode request = json.readTree(line);
            if (request.at("/user/username").asText().startsWith("system:serviceaccount:" + namespace + ":")) {
                requests.add(request);
            }
        }
        return requests;
    }
}
