package dev.waitingroom.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.waitingroom.operator.route.Planned.OwnObject;
import dev.waitingroom.operator.route.Planned.Plan;
import dev.waitingroom.operator.route.Planned.Refusal;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder is a case: in-target.yaml, served by the proxies of in-proxies.yaml, must give exactly its out-*.yaml. A plan gives a file for
 * each object, and one each for annotations, filters and notes.
 */
class RouteWritersTest {
    private static final Path CASES = Path.of("src/test/resources/dev/waitingroom/operator/route/plans");
    private static final RouteCheck CHECK =
            new RouteCheck("shop", "concert", "evt_1", "default-gateway", "cluster.local", List.of("X-Probe"));

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatTheFolderSays(Path folder) throws IOException {
        Map<String, JsonNode> expected = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("out-")) {
                    expected.put(name, tree(Files.readString(file)));
                }
            }
        }

        assertThat(outputs(plan(folder))).isEqualTo(expected);
    }

    /** The file names and trees of a plan. */
    static Map<String, JsonNode> outputs(Planned planned) {
        Map<String, JsonNode> out = new TreeMap<>();
        switch (planned) {
            case Refusal refusal -> out.put("out-refusal.yaml", tree(Serialization.asYaml(refusal)));
            case Plan plan -> {
                for (OwnObject object : plan.objects()) {
                    out.put("out-" + object.kind().kind() + ".yaml", tree(Serialization.asYaml(object.resource())));
                }
                put(out, "out-annotations.yaml", plan.annotations());
                put(out, "out-filters.yaml", plan.filters());
                put(out, "out-notes.yaml", plan.notes());
            }
        }
        return out;
    }

    private static void put(Map<String, JsonNode> out, String file, List<?> values) {
        if (!values.isEmpty()) {
            out.put(file, tree(Serialization.asYaml(values)));
        }
    }

    static Planned plan(Path folder) throws IOException {
        var object = Serialization.unmarshal(
                Files.readString(folder.resolve("in-target.yaml")), GenericKubernetesResource.class);
        ApiKind kind = Stream.of(ApiKind.HTTP_ROUTE, ApiKind.GATEWAY, ApiKind.INGRESS)
                .filter(known -> known.kind().equals(object.getKind()))
                .findFirst()
                .orElseThrow();
        var id = new TargetId(
                kind, object.getMetadata().getNamespace(), object.getMetadata().getName());
        return Planner.plan(CHECK, new RouteTarget(id, object), proxies(folder));
    }

    private static List<Proxy> proxies(Path folder) throws IOException {
        JsonNode list = tree(Files.readString(folder.resolve("in-proxies.yaml")));
        return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
                .map(list::get)
                .map(proxy -> proxy.has("gateway")
                        ? Proxy.ofGateway(
                                proxy.get("controller").asText(),
                                new TargetId(
                                        ApiKind.GATEWAY,
                                        proxy.at("/gateway/namespace").asText(),
                                        proxy.at("/gateway/name").asText()))
                        : Proxy.ofIngress(proxy.get("controller").asText()))
                .toList();
    }

    private static JsonNode tree(String yaml) {
        return Serialization.unmarshal(yaml, JsonNode.class);
    }
}
